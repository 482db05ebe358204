import { isNpi } from '@concord/canonical';
import type { Delimiters, GroupHeader, InterchangeHeader } from '@concord/x12';
import { prefixOf, type BillingConfig, type PartnerConfig } from './x12.config.js';

/** Who exchanges files with us, and how their envelopes are written. */
export interface TradingPartner {
  readonly name: string;
  readonly sender: string;
  readonly receiver: string;
  readonly qualifiers: readonly [string, string];
  readonly usage: string;
  /** Whether it wants a 999 for what it sends. */
  readonly acknowledges: boolean;
  readonly delimiters: Delimiters;
  readonly billing: BillingProvider;
}

export interface BillingProvider {
  readonly name: string;
  readonly npi: string;
  readonly taxId: string;
  readonly street: string;
  readonly city: string;
  readonly state: string;
  readonly zip: string;
  readonly phone: string;
}

/** Who bills, as configured. Throws an error that names every setting that cannot be used. */
export function billingOf(config: BillingConfig): BillingProvider {
  const [city = '', state = '', zip = ''] = config.city.split(',').map((part) => part.trim());
  const { providerName: name, npi, taxId, street, phone } = config;
  refuse([
    [isNpi(npi), 'BILLING_PROVIDER_NPI must be a national provider identifier with its check digit'],
    [/^\d{9}$/.test(taxId), 'BILLING_PROVIDER_TAX_ID must have nine digits'],
    [/^[A-Z]{2}$/.test(state) && /^\d{9}$/.test(zip), 'BILLING_PROVIDER_CITY must be city, state and nine digits'],
    [/^\d{10}$/.test(phone), 'BILLING_CONTACT_PHONE must have ten digits'],
  ]);
  return { name, npi, taxId, street, city, state, zip, phone };
}

/** A partner as configured. Throws as well. */
export function partnerOf(name: string, config: PartnerConfig, billing: BillingProvider): TradingPartner {
  const { sender, receiver, usage, acknowledges } = config;
  const [own = '', other = ''] = config.qualifiers.split(',');
  const [element = '', component = '', repetition = '', terminator = ''] = config.delimiters;
  const prefix = prefixOf(name);
  refuse([
    [/^[A-Z0-9]{2}$/.test(own) && /^[A-Z0-9]{2}$/.test(other), `${prefix}_QUALIFIERS must be two pairs of signs`],
    [sender.length > 1 && sender.length <= 15, `${prefix}_SENDER must have 2 to 15 signs`],
    [receiver.length > 1 && receiver.length <= 15, `${prefix}_RECEIVER must have 2 to 15 signs`],
    [
      config.delimiters.length === 4 && new Set(config.delimiters).size === 4,
      `${prefix}_DELIMITERS must be four different signs`,
    ],
  ]);
  const delimiters = { element, component, repetition, terminator };
  return { name, sender, receiver, qualifiers: [own, other], usage, acknowledges, delimiters, billing };
}

function refuse(rules: readonly (readonly [boolean, string])[]): void {
  const faults = rules.filter(([holds]) => !holds).map(([, what]) => what);
  if (faults.length) throw new Error(`Claims cannot be sent: ${faults.join('; ')}`);
}

/** The date and time of an envelope, in UTC. */
const stamp = (at: Date) => {
  const iso = at.toISOString();
  return { day: iso.slice(0, 10).replaceAll('-', ''), time: iso.slice(11, 16).replace(':', '') };
};

export function interchangeHeaderOf(partner: TradingPartner, controlNumber: number, at: Date): InterchangeHeader {
  const { day, time } = stamp(at);
  return {
    authorizationQualifier: '00',
    authorization: '',
    securityQualifier: '00',
    security: '',
    senderQualifier: partner.qualifiers[0],
    sender: partner.sender,
    receiverQualifier: partner.qualifiers[1],
    receiver: partner.receiver,
    date: day.slice(2),
    time,
    version: '00501',
    controlNumber: String(controlNumber).padStart(9, '0'),
    acknowledgmentRequested: '0',
    usage: partner.usage,
  };
}

/** @param guide what the sets of the group follow */
export function groupHeaderOf(
  { sender, receiver }: TradingPartner,
  { functionalId, version }: { readonly functionalId: string; readonly version: string },
  controlNumber: number,
  at: Date,
): GroupHeader {
  const { day: date, time } = stamp(at);
  return { functionalId, sender, receiver, date, time, controlNumber: String(controlNumber), agency: 'X', version };
}
