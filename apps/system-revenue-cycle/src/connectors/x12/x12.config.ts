import { setting } from '@concord/api';
import { mailboxConfig, type MailboxConfig } from '@concord/sftp';

/** With whom claims are exchanged, and which payers are reached through whom. */
export class ExchangeConfig {
  @setting(
    'CLAIMS_PARTNERS',
    'Partners by commas, each with its payers: medicaid-direct=MEDICAID+CHIP; * is all others',
  )
  partners = 'clearinghouse=*';
}

/** `medicaid-direct` is set by `MEDICAID_DIRECT_…`. */
export const prefixOf = (partner: string): string => partner.toUpperCase().replaceAll('-', '_');

/** Who we are to one partner and what it expects of an envelope. */
export interface PartnerConfig {
  sender: string;
  receiver: string;
  qualifiers: string;
  usage: string;
  delimiters: string;
  acknowledges: boolean;
  batchSeconds: number;
  claimsAFile: number;
}

/** The settings class of one partner. */
export function partnerConfig(prefix: string, whose: string, known: string): new () => PartnerConfig {
  class Config implements PartnerConfig {
    @setting(`${prefix}_SENDER`, `Our identifier in claim files to ${whose} (ISA06, GS02, NM109 of the submitter)`)
    sender = 'CONCORD';

    @setting(`${prefix}_RECEIVER`, `Identifier of ${whose} in claim files (ISA08, GS03)`)
    receiver = known;

    @setting(`${prefix}_QUALIFIERS`, 'Qualifiers of the two identifiers (ISA05 and ISA07), such as ZZ,ZZ')
    qualifiers = 'ZZ,ZZ';

    @setting(`${prefix}_USAGE`, 'T for test files, P for production (ISA15)', { oneOf: ['T', 'P'] })
    usage = 'T';

    @setting(`${prefix}_DELIMITERS`, 'Element, component and repetition separator and segment terminator')
    delimiters = '*:^~';

    @setting(`${prefix}_ACKNOWLEDGE`, `Whether ${whose} gets a 999 for each 277CA and 835`)
    acknowledges = true;

    @setting(`${prefix}_BATCH_SECONDS`, 'Seconds after which waiting claims are sent together', {
      min: 0.02,
      max: 86_400,
    })
    batchSeconds = 60;

    @setting(`${prefix}_CLAIMS_A_FILE`, 'Claims of one file at most', { min: 1, max: 5000 })
    claimsAFile = 500;
  }
  return Config;
}

/** The settings of one partner: its envelopes and its mailbox. */
export interface PartnerSettings {
  readonly Envelope: new () => PartnerConfig;
  readonly Mailbox: new () => MailboxConfig;
}

const CLEARINGHOUSE: PartnerSettings = {
  Envelope: partnerConfig('CLEARINGHOUSE', 'the clearinghouse', 'CLEARINGHOUSE'),
  Mailbox: mailboxConfig('CLEARINGHOUSE', 'the clearinghouse'),
};

/** The clearinghouse stands in `.env.example`; every other partner has the same settings under its own name. */
export function settingsOf(partner: string): PartnerSettings {
  if (partner === 'clearinghouse') return CLEARINGHOUSE;
  const prefix = prefixOf(partner);
  return { Envelope: partnerConfig(prefix, partner, prefix.slice(0, 15)), Mailbox: mailboxConfig(prefix, partner) };
}

export class BillingConfig {
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
