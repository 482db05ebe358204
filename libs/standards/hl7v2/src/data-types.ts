import type { Field } from './segment.js';

/** A code with its system as the sender names it (CE and CWE, HL7 2.5.1 §2.A.13): `I10`, `SCT`, `C4` … table 0396. */
export interface Hl7Code {
  readonly code: string;
  readonly text?: string;
  readonly system?: string;
}

/** CE.1 code, CE.2 text, CE.3 name of the coding system. */
export function codeOf(field: Field): Hl7Code | undefined {
  const code = field.text(1);
  return code === undefined ? undefined : { code, text: field.text(2), system: field.text(3) };
}

/** A number a facility knows something by (CX, HL7 2.5.1 §2.A.14). */
export interface Hl7Identifier {
  readonly id: string;
  /** Who assigned it. */
  readonly authority?: string;
  /** `MR` medical record, `SS` social security, `VN` visit … table 0203. */
  readonly type?: string;
}

/** CX.1 id, CX.4.1 assigning authority, CX.5 type. */
export function identifierOf(field: Field): Hl7Identifier | undefined {
  const id = field.text(1);
  return id === undefined ? undefined : { id, authority: field.text(4), type: field.text(5) };
}

/** An amount as the sender wrote it: a decimal string, and the ISO 4217 currency where it named one. */
export interface Hl7Amount {
  readonly amount: string;
  readonly currency?: string;
}

/** CP.1.1 quantity and CP.1.2 denomination (CP and MO, HL7 2.5.1 §2.A.11 and §2.A.41). */
export function amountOf(field: Field): Hl7Amount | undefined {
  const amount = decimalOf(field.text(1, 1));
  return amount === undefined ? undefined : { amount, currency: field.text(1, 2) };
}

/** A number (NM, HL7 2.5.1 §2.A.47) as a decimal string that every decimal library reads; `undefined` for anything else. */
export function decimalOf(text: string | undefined): string | undefined {
  const parts = /^\s*([+-]?)(\d*)(?:\.(\d*))?\s*$/.exec(text ?? '');
  if (!parts) return undefined;
  const [, sign, whole = '', fraction = ''] = parts;
  if (whole === '' && fraction === '') return undefined;
  return `${sign === '-' ? '-' : ''}${whole.replace(/^0+(?=\d)/, '') || '0'}${fraction === '' ? '' : `.${fraction}`}`;
}
