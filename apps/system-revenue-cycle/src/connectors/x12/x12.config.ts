import { setting } from '@concord/api';
import { mailboxConfig } from '@concord/sftp';

/** Where claims go and answers come from. */
export const ClearinghouseMailbox = mailboxConfig('CLEARINGHOUSE', 'the clearinghouse');

/** Who we are to the clearinghouse and what it expects of an envelope. */
export class X12Config {
  @setting('CLEARINGHOUSE_SENDER', 'Our identifier in claim files (ISA06, GS02, NM109 of the submitter)')
  sender = 'CONCORD';

  @setting('CLEARINGHOUSE_RECEIVER', 'Identifier of the clearinghouse in claim files (ISA08, GS03)')
  receiver = 'CLEARINGHOUSE';

  @setting('CLEARINGHOUSE_QUALIFIERS', 'Qualifiers of the two identifiers (ISA05 and ISA07), such as ZZ,ZZ')
  qualifiers = 'ZZ,ZZ';

  @setting('CLEARINGHOUSE_USAGE', 'T for test files, P for production (ISA15)', { oneOf: ['T', 'P'] })
  usage = 'T';

  @setting('CLEARINGHOUSE_DELIMITERS', 'Element, component and repetition separator and segment terminator')
  delimiters = '*:^~';

  @setting('CLEARINGHOUSE_BATCH_SECONDS', 'Seconds after which waiting claims are sent together', {
    min: 0.02,
    max: 86_400,
  })
  batchSeconds = 60;

  @setting('CLEARINGHOUSE_CLAIMS_A_FILE', 'Claims of one file at most', { min: 1, max: 5000 })
  claimsAFile = 500;

  @setting('BILLING_PROVIDER_NAME', 'Name of the billing provider on claims')
  providerName = 'LAKESHORE REGIONAL HOSPITAL';

  @setting('BILLING_PROVIDER_NPI', 'National provider identifier of the billing provider')
  npi = '1999999984';

  @setting('BILLING_PROVIDER_TAX_ID', 'Employer identification number of the billing provider, nine digits')
  taxId = '990000001';

  @setting('BILLING_PROVIDER_STREET', 'Street of the billing provider')
  street = '1 LAKESHORE DRIVE';

  @setting('BILLING_PROVIDER_CITY', 'City, state and nine digits of ZIP code of the billing provider, by commas')
  city = 'LAKESHORE,MI,490010000';

  @setting('BILLING_CONTACT_PHONE', 'Telephone of the billing office, ten digits')
  phone = '5550100200';
}
