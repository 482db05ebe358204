/** Synthetic HL7 v2 messages for specifications. */

export interface AdtWishes {
  readonly visit?: string;
  readonly facility?: string;
  readonly controlId?: string;
  /** Minutes after 09:00 UTC at which it was sent. */
  readonly minute?: number;
  readonly patientClass?: string;
  readonly discharged?: string;
  /** The PID segment. */
  readonly patient?: string;
  /** PV1-7. */
  readonly attending?: string;
  /** PV1-3. */
  readonly location?: string;
  readonly more?: readonly string[];
}

let messages = 0;

/** A message about visit V1 of a clinic, admitted at 08:00 UTC on 2 March 2026. */
export const adt = (event: string, wishes: AdtWishes = {}): string => message('ADT', event, wishes);

export const dft = (transactions: readonly string[], wishes: AdtWishes = {}): string =>
  message('DFT', 'P03', { ...wishes, more: transactions });

/** A message of any type, sent by the same clinic. */
export function hl7(
  type: string,
  event: string,
  segments: readonly string[],
  { controlId = `C${(messages += 1)}`, minute = 0, facility = 'CLINIC-NORTH' }: AdtWishes = {},
): string {
  const sent = `2026030209${String(minute).padStart(2, '0')}00+0000`;
  return [`MSH|^~\\&|ADT|${facility}|CONCORD||${sent}||${type}^${event}|${controlId}|P|2.5.1`, ...segments, ''].join(
    '\r',
  );
}

/** The synthetic patient of all these messages, or another one. */
export const pid = (number = 'TEST-MRN-1^^^TEST^MR', name = 'SYNTHETICA^TESTA'): string =>
  `PID|1||${number}||${name}||19700101|F`;

function message(type: string, event: string, wishes: AdtWishes): string {
  const { visit = 'V1' } = wishes;
  const { patientClass = type === 'DFT' ? '' : 'O', discharged = '', more = [] } = wishes;
  const { patient = pid(), attending = 'DOC1^PRACTICA', location = '' } = wishes;
  const admitted = type === 'DFT' ? '' : '20260302080000+0000';
  const pv1 = `PV1|1|${patientClass}|${location}||||${attending}${'|'.repeat(12)}${visit}${'|'.repeat(25)}${admitted}|${discharged}`;
  return hl7(type, event, [patient, pv1, ...more], wishes);
}

interface ChargeWishes {
  readonly id?: string;
  readonly type?: string;
  readonly quantity?: string;
}

export const ft1 = (code: string, system = '', { id = '', type = 'CG', quantity = '1' }: ChargeWishes = {}): string =>
  `FT1||${id}||20260302||${type}|${code}^In words^${system}|||${quantity}`;
