import { type Delimiters, STANDARD_DELIMITERS } from './delimiters.js';
import type { GroupHeader, InterchangeAcknowledgment, InterchangeHeader } from './envelope.js';
import { type X12Fault, X12Refusal } from './fault.js';

/** An element: simple, or the components of a composite. What is undefined or empty is left out. */
export type ElementData = string | undefined | readonly (string | undefined)[];
/** A segment: its name, and behind it its elements. */
export type SegmentData = readonly [name: string, ...elements: ElementData[]];

export interface SetData {
  readonly id: string; // ST01
  readonly controlNumber: string; // ST02
  readonly version?: string; // ST03, in 005010 guides
  /** What stands between ST and SE. */
  readonly segments: readonly SegmentData[];
}

export interface GroupData {
  readonly header: GroupHeader;
  readonly sets: readonly SetData[];
}

export interface InterchangeData {
  readonly header: InterchangeHeader;
  readonly groups: readonly GroupData[];
  readonly acknowledgments?: readonly InterchangeAcknowledgment[];
}

export interface WriteOptions {
  readonly delimiters?: Delimiters;
  /** Behind each terminator, for people to read; nothing if not asked for. */
  readonly lineBreak?: '' | '\n' | '\r\n';
  /** X12.6 §3.3: `extended` has lower case letters and `%@[]_{}\|<>#$`; `basic` has not. */
  readonly characters?: 'basic' | 'extended';
}

/** X12.6 §3.3.1 and §3.3.2. */
const CHARACTERS = {
  basic: /^[A-Z0-9!"&'()*+,\-./:;?= ]*$/,
  extended: /^[A-Za-z0-9!"&'()*+,\-./:;?= %@[\]_{}\\|<>#$`^~]*$/,
};

/**
 * Writes interchanges: padded ISA, counts in the trailers, control numbers as the caller gives them. Throws `X12Refusal` with
 * every fault for data that holds a delimiter or a character outside of the set asked for, so that nothing is ever sent that a
 * partner would cut in another place. What is written is read back as the same.
 */
export function writeX12(interchanges: readonly InterchangeData[], options: WriteOptions = {}): Buffer {
  const writing = new Writing(options);
  for (const interchange of interchanges) writing.interchange(interchange);
  return writing.done();
}

class Writing {
  private readonly out: string[] = [];
  private readonly faults: X12Fault[] = [];
  private readonly delimiters: Delimiters;
  private readonly ending: string;
  private readonly allowed: RegExp;
  private readonly forbidden: RegExp;
  private place: { interchange?: string; group?: string; set?: string } = {};
  private segments = 0;
  private offset = 0;

  constructor({ delimiters = STANDARD_DELIMITERS, lineBreak = '', characters = 'extended' }: WriteOptions) {
    const { element, component, repetition, terminator } = delimiters;
    this.delimiters = delimiters;
    this.ending = terminator === '\n' ? '\n' : terminator + lineBreak;
    this.allowed = CHARACTERS[characters];
    const signs = [element, component, repetition, terminator].filter((sign) => sign !== undefined).join('');
    this.forbidden = new RegExp(`[${signs.replace(/[\\\]^-]/g, '\\$&')}\\r\\n]`);
  }

  interchange({ header, groups, acknowledgments = [] }: InterchangeData): void {
    this.place = { interchange: header.controlNumber };
    this.segments = 0;
    this.put(this.isa(header));
    for (const { controlNumber, date, time, code, note } of acknowledgments)
      this.segment(['TA1', controlNumber, date, time, code, note]);
    for (const group of groups) this.group(group);
    this.place = { interchange: header.controlNumber };
    this.segment(['IEA', String(groups.length), padNumber(header.controlNumber)]);
  }

  done(): Buffer {
    if (this.faults.length > 0) throw new X12Refusal(this.faults);
    return Buffer.from(this.out.join(''), 'latin1');
  }

  private group({ header, sets }: GroupData): void {
    const { functionalId, sender, receiver, date, time, controlNumber, agency, version } = header;
    this.place = { ...this.place, group: controlNumber };
    this.segment(['GS', functionalId, sender, receiver, date, time, controlNumber, agency, version]);
    for (const set of sets) this.set(set);
    this.place = { ...this.place, set: undefined };
    this.segment(['GE', String(sets.length), controlNumber]);
  }

  private set({ id, controlNumber, version, segments }: SetData): void {
    this.place = { ...this.place, set: controlNumber };
    this.segment(['ST', id, controlNumber, version]);
    for (const segment of segments) this.segment(segment);
    this.segment(['SE', String(segments.length + 2), controlNumber]);
  }

  /** Every element of an ISA has its fixed width (X12.5 §5). */
  private isa(header: InterchangeHeader): string {
    const { component = ':', repetition = 'U' } = this.delimiters;
    const fixed = (value: string, width: number): string => {
      if (value.length > width) this.fault('size', `An ISA element is longer than ${width}`);
      return this.checked(value).padEnd(width);
    };
    const elements = [
      fixed(header.authorizationQualifier, 2),
      fixed(header.authorization, 10),
      fixed(header.securityQualifier, 2),
      fixed(header.security, 10),
      fixed(header.senderQualifier, 2),
      fixed(header.sender, 15),
      fixed(header.receiverQualifier, 2),
      fixed(header.receiver, 15),
      fixed(header.date, 6),
      fixed(header.time, 4),
      Number(header.version) >= 402 ? repetition : 'U',
      fixed(header.version, 5),
      fixed(padNumber(header.controlNumber), 9),
      fixed(header.acknowledgmentRequested, 1),
      fixed(header.usage, 1),
      component,
    ];
    return ['ISA', ...elements].join(this.delimiters.element);
  }

  private segment([name, ...elements]: SegmentData): void {
    const { element } = this.delimiters;
    const texts = [name, ...elements.map((value) => this.element(value))];
    while (texts.length > 1 && texts.at(-1) === '') texts.pop(); // X12.6 §3.5: trailing separators are not sent
    this.put(texts.join(element));
  }

  private element(value: ElementData): string {
    if (value === undefined) return '';
    if (typeof value === 'string') return this.checked(value);
    const texts = value.map((text) => this.checked(text ?? ''));
    while (texts.length > 1 && texts.at(-1) === '') texts.pop();
    if (texts.length > 1 && this.delimiters.component === undefined)
      this.fault('header', 'No component separator is given');
    return texts.join(this.delimiters.component);
  }

  private checked(text: string): string {
    if (this.forbidden.test(text)) this.fault('placement', 'A value holds one of the delimiters');
    else if (!this.allowed.test(text))
      this.fault('placement', 'A value holds a character that is not in the X12 character set');
    return text;
  }

  private fault(code: X12Fault['code'], detail: string): void {
    const position = { ...this.place, offset: this.offset, segment: this.segments + 1 };
    this.faults.push({ code, detail, position });
  }

  private put(text: string): void {
    this.segments += 1;
    const line = text + this.ending;
    this.offset += line.length;
    this.out.push(line);
  }
}

const padNumber = (controlNumber: string): string => controlNumber.padStart(9, '0');
