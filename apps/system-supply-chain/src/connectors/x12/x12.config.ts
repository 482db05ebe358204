import { setting } from '@concord/api';
import { mailboxConfig } from '@concord/sftp';

/** Where orders go and answers come from: one mailbox for all suppliers, as value-added networks offer it. */
export const SupplierMailbox = mailboxConfig('SUPPLIERS', 'the supplier network');

export class X12Config {
  @setting('SUPPLIERS_SENDER', 'Our identifier to suppliers, with its qualifier (ISA05:ISA06)')
  sender = 'ZZ:CONCORD';

  @setting(
    'SUPPLIERS_PARTNERS',
    'Suppliers by commas: code=qualifier:identifier:release:strict|lenient, and :860 if taken',
  )
  partners =
    'SUP-HARBOR-MEDICAL=ZZ:HARBOR:004010:strict:860,SUP-CEDAR-SURGICAL=ZZ:CEDAR:004010:strict:860,SUP-PRAIRIE-BIOLOGICS=ZZ:PRAIRIE:005010:strict';

  @setting('SUPPLIERS_USAGE', 'T for test files, P for production (ISA15)', { oneOf: ['T', 'P'] })
  usage = 'T';

  @setting('SUPPLIERS_SEND_SECONDS', 'Seconds between two looks for what waits to be sent', { min: 0.02, max: 3600 })
  sendSeconds = 5;
}
