import type { Delimiters, GroupHeader, InterchangeHeader } from '@concord/x12';
import type { X12Config } from './x12.config.js';

/** Who exchanges files with us, and how their envelopes are written. */
export interface TradingPartner {
  readonly name: string;
  readonly sender: string;
  readonly receiver: string;
  readonly qualifiers: readonly [string, string];
  readonly usage: string;
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

/** The partner as configured. Throws an error that names every setting that cannot be used. */
export function partnerOf(name: string, config: X12Config): TradingPartner {
  const faults: string[] = [];
  const must = (holds: boolean, what: string): void => void (holds || faults.push(what));
  const [own = '', other = ''] = config.qualifiers.split(',');
  const [city = '', state = '', zip = ''] = config.city.split(',').map((part) => part.trim());
  const [element = '', component = '', repetition = '', terminator = ''] = config.delimiters;
  must(/^[A-Z0-9]{2}$/.test(own) && /^[A-Z0-9]{2}$/.test(other), 'CLEARINGHOUSE_QUALIFIERS must be two pairs of signs');
  must(config.sender.length > 1 && config.sender.length <= 15, 'CLEARINGHOUSE_SENDER must have 2 to 15 signs');
  must(config.receiver.length > 1 && config.receiver.length <= 15, 'CLEARINGHOUSE_RECEIVER must have 2 to 15 signs');
  must(new Set(config.delimiters).size === 4, 'CLEARINGHOUSE_DELIMITERS must be four different signs');
  must(isNpi(config.npi), 'BILLING_PROVIDER_NPI must be a national provider identifier with its check digit');
  must(/^\d{9}$/.test(config.taxId), 'BILLING_PROVIDER_TAX_ID must have nine digits');
  must(/^[A-Z]{2}$/.test(state) && /^\d{9}$/.test(zip), 'BILLING_PROVIDER_CITY must be city, state and nine digits');
  must(/^\d{10}$/.test(config.phone), 'BILLING_CONTACT_PHONE must have ten digits');
  if (faults.length) throw new Error(`Claims cannot be sent: ${faults.join('; ')}`);
  return {
    name,
    sender: config.sender,
    receiver: config.receiver,
    qualifiers: [own, other],
    usage: config.usage,
    delimiters: { element, component, repetition, terminator },
    billing: {
      name: config.providerName,
      npi: config.npi,
      taxId: config.taxId,
      street: config.street,
      city,
      state,
      zip,
      phone: config.phone,
    },
  };
}

/** Ten digits, the last of which is the check digit of ISO 7812 over 80840 and the nine before (45 CFR 162.406). */
export function isNpi(npi: string): boolean {
  if (!/^\d{10}$/.test(npi)) return false;
  const digits = [...`80840${npi}`].reverse().map(Number);
  const weighed = digits.map((digit, i) => (i % 2 === 0 ? digit : digit * 2 > 9 ? digit * 2 - 9 : digit * 2));
  return weighed.reduce((all, digit) => all + digit, 0) % 10 === 0;
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

export function groupHeaderOf(partner: TradingPartner, controlNumber: number, version: string, at: Date): GroupHeader {
  const { day: date, time } = stamp(at);
  const { sender, receiver } = partner;
  return {
    functionalId: 'HC',
    sender,
    receiver,
    date,
    time,
    controlNumber: String(controlNumber),
    agency: 'X',
    version,
  };
}
