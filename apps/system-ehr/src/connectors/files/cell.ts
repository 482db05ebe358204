import { CODE, type Coding } from '@concord/canonical';
import { decimalOf, instantOf } from '@concord/hl7v2';
import type { Column } from './profile.js';

/** What reading a cell needs beside its column. */
export interface CellContext {
  readonly timeZone: string;
  /** The id of the person whom the practice knows by a number. */
  readonly personId: (system: string, number: string) => string;
}

/** What a cell says; a sentence of what is wrong with it, without its value. */
export type CellReading = { readonly value: unknown } | { readonly wrong: string };

const wrong = (words: string): CellReading => ({ wrong: words });
const said = (value: unknown): CellReading => ({ value });

/** Reads a cell that is not empty as what its column says it is. */
export function readCell(text: string, column: Column, context: CellContext): CellReading {
  const { as, format, system = '', separator = ',', values = {}, role = 'physician' } = column;
  switch (as) {
    case 'text':
      return said(text.slice(0, 200));
    case 'id':
      return CODE.test(text) ? said(text) : wrong('is no id: letters, digits and ._:- only');
    case 'person':
      return said(context.personId(system, text));
    case 'ids': {
      const ids = parts(text, separator);
      return ids.every((id) => CODE.test(id)) ? said(ids) : wrong('holds something that is no id');
    }
    case 'instant': {
      const digits = digitsOf(text, format ?? 'yyyy-MM-dd HH:mm:ss');
      const instant = instantOf(digits, context.timeZone);
      return instant ? said(instant) : wrong(`is no time as ${format ?? 'yyyy-MM-dd HH:mm:ss'}`);
    }
    case 'day': {
      const digits = digitsOf(text, format ?? 'yyyy-MM-dd');
      const day = instantOf(digits?.slice(0, 8))?.slice(0, 10);
      return day ? said(day) : wrong(`is no day as ${format ?? 'yyyy-MM-dd'}`);
    }
    case 'decimal': {
      const decimal = decimalOf(text);
      return decimal === undefined ? wrong('is no number') : said(decimal);
    }
    case 'flag':
    case 'choice':
      return Object.hasOwn(values, text) ? said(values[text]) : wrong('is none of the words that the profile knows');
    case 'coding':
      return CODE.test(text) ? said(codingOf(system, text)) : wrong('is no code: letters, digits and ._:- only');
    case 'codings': {
      const codes = parts(text, separator);
      if (!codes.every((code) => CODE.test(code))) return wrong('holds something that is no code');
      return said(codes.map((code) => codingOf(system, code)));
    }
    case 'identifier':
      return /^[\x21-\x7e]{1,100}$/.test(text) ? said({ system, value: text }) : wrong('is no identifier');
    case 'clinician':
      return CODE.test(text) ? said({ practitionerId: text, role }) : wrong('is no id: letters, digits and ._:- only');
  }
}

const codingOf = (system: string, code: string): Coding => ({ system, code });

const parts = (text: string, separator: string): string[] => text.split(separator).flatMap((part) => part.trim() || []);

const PIECES = ['yyyy', 'MM', 'dd', 'HH', 'mm', 'ss'] as const;

/** `yyyyMMddHHmmss` of a text in a format; undefined where it is not so written. */
function digitsOf(text: string, format: string): string | undefined {
  const found = patternOf(format).exec(text)?.groups;
  if (!found) return undefined;
  let digits = '';
  for (const piece of PIECES) {
    const value = found[piece];
    if (value === undefined) break;
    digits += value.padStart(2, '0');
  }
  return digits;
}

const patterns = new Map<string, RegExp>();

function patternOf(format: string): RegExp {
  let pattern = patterns.get(format);
  if (!pattern) {
    const escaped = format.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const source = escaped.replace(/yyyy|MM|dd|HH|mm|ss/g, (piece) =>
      piece === 'yyyy' ? '(?<yyyy>\\d{4})' : `(?<${piece}>\\d{1,2})`,
    );
    patterns.set(format, (pattern = new RegExp(`^${source}$`)));
  }
  return pattern;
}
