/** Synthetic HL7 v2 messages for specifications. */

export interface AdtWishes {
  readonly visit?: string;
  readonly facility?: string;
  readonly controlId?: string;
  /** Minutes after 09:00 UTC at which it was sent. */
  readonly minute?: number;
  readonly patientClass?: string;
  readonly discharged?: string;
  readonly more?: readonly string[];
}

let messages = 0;

/** A message about visit V1 of a clinic, admitted at 08:00 UTC on 2 March 2026. */
export const adt = (event: string, wishes: AdtWishes = {}): string => message('ADT', event, wishes);

export const dft = (transactions: readonly string[], wishes: AdtWishes = {}): string =>
  message('DFT', 'P03', { ...wishes, more: transactions });

function message(type: string, event: string, wishes: AdtWishes): string {
  const { visit = 'V1', facility = 'CLINIC-NORTH', controlId = `C${(messages += 1)}`, minute = 0 } = wishes;
  const { patientClass = type === 'DFT' ? '' : 'O', discharged = '', more = [] } = wishes;
  const sent = `2026030209${String(minute).padStart(2, '0')}00+0000`;
  const admitted = type === 'DFT' ? '' : '20260302080000+0000';
  return [
    `MSH|^~\\&|ADT|${facility}|CONCORD||${sent}||${type}^${event}|${controlId}|P|2.5.1`,
    'PID|1||TEST-MRN-1^^^TEST^MR||SYNTHETICA^TESTA||19700101|F',
    `PV1|1|${patientClass}|||||DOC1^PRACTICA${'|'.repeat(12)}${visit}${'|'.repeat(25)}${admitted}|${discharged}`,
    ...more,
    '',
  ].join('\r');
}

interface ChargeWishes {
  readonly id?: string;
  readonly type?: string;
  readonly quantity?: string;
}

export const ft1 = (code: string, system = '', { id = '', type = 'CG', quantity = '1' }: ChargeWishes = {}): string =>
  `FT1||${id}||20260302||${type}|${code}^In words^${system}|||${quantity}`;
