/**
 * The signs that cut an X12 interchange (X12.5 §5, X12.6 §3.5). Each interchange names its own in its ISA segment. They are
 * found by counting the 16 elements and not by position, because an ISA that is not padded is common.
 */
export interface Delimiters {
  readonly element: string;
  /** ISA16; absent where the sender left it out, and then nothing is composite. */
  readonly component?: string;
  /** ISA11 from version 00402 on. */
  readonly repetition?: string;
  /** One character or several bytes; `\n` where each segment is a line. */
  readonly terminator: string;
}

/** What we write if nothing else is asked for. */
export const STANDARD_DELIMITERS: Delimiters = { element: '*', component: ':', repetition: '^', terminator: '~' };

const ELEMENTS = 16;
/** Longer than any ISA with its blanks and line breaks, and with the GS behind it. */
export const LOOKAHEAD = 1024;
const NEXT_SEGMENT = /(?:GS|ISB|ISE|TA1|TA3|IEA)$/;

export interface IsaHead {
  readonly delimiters: Delimiters;
  /** ISA01…ISA16, as they came without line breaks. */
  readonly elements: readonly string[];
  /** Where the segment behind the ISA begins, counted from the `I` of ISA. */
  readonly length: number;
}

/** Whether an ISA begins here: its separators stand where an ISA has them, and its version and control number are numbers. */
export function looksLikeIsa(text: string): boolean {
  if (!text.startsWith('ISA')) return false;
  const element = text.charAt(3);
  if (!isSeparator(element)) return false;
  const elements = text
    .slice(0, LOOKAHEAD)
    .split(element, ELEMENTS + 1)
    .map(unbroken);
  return /^\d{5}$/.test(elements[12] ?? '') && /^\s*\d{1,9}\s*$/.test(elements[13] ?? '');
}

/**
 * Reads an ISA whose first letter begins the text (one character a byte). Undefined where it is no ISA that can be used.
 */
export function readIsa(text: string): IsaHead | undefined {
  const element = text.charAt(3);
  if (!text.startsWith('ISA') || !isSeparator(element)) return undefined;
  let at = 3;
  for (let count = 1; count < ELEMENTS; count += 1) {
    at = text.indexOf(element, at + 1);
    if (at < 0 || at > LOOKAHEAD) return undefined;
  }
  const elements = text.slice(4, at).split(element).map(unbroken);
  const ending = endingOf(text.slice(at + 1, at + LOOKAHEAD), element);
  if (!ending) return undefined;
  const sign = elements[10] ?? '';
  const repetition = isSeparator(sign) && Number(elements[11]) >= 402 ? sign : undefined;
  const { component, terminator, length } = ending;
  const delimiters = { element, component, repetition, terminator };
  return { delimiters, elements: [...elements, component ?? ''], length: at + 1 + length };
}

interface Ending {
  readonly component?: string;
  readonly terminator: string;
  readonly length: number;
}

/** What follows the 16th separator: the component separator, the terminator, and where the next segment begins. */
function endingOf(rest: string, element: string): Ending | undefined {
  const separator = rest.indexOf(element);
  const head = separator < 0 ? rest : rest.slice(0, separator);
  const next = NEXT_SEGMENT.exec(head)?.[0].length ?? (separator < 0 ? 0 : -1);
  // Not one of the segments that may follow: the interchange is broken, but its own signs are still readable.
  const between = next < 0 ? head.slice(0, 2) : head.slice(0, head.length - next);
  const length = between.length;
  const [first = '', ...others] = between;
  const behind = others.join('').replace(/[\s\uFEFF]+/g, '');
  const broken = /[\r\n]/.test(between);
  if (/[\r\n]/.test(first)) return { terminator: '\n', length };
  if (!isSeparator(first)) return undefined;
  if (behind) return { component: first, terminator: behind.slice(0, 4), length };
  // One sign only. It ends the segments where it also ends the next one; else it parts components, and lines are segments.
  const line = rest.slice(length).split(/\r?\n/, 1)[0] ?? '';
  const endsSegments = !broken || line.trimEnd().endsWith(first);
  return endsSegments ? { terminator: first, length } : { component: first, terminator: '\n', length };
}

const isSeparator = (sign: string): boolean => sign !== '' && !/[A-Za-z0-9\s]/.test(sign);
const unbroken = (value: string): string => value.replace(/[\r\n]+/g, '');
