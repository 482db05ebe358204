/**
 * Puts segments into their frames and checks what the frames promise: ISA/IEA, GS/GE and ST/SE each with its count and its
 * control number. `strict` makes every difference a fault; `lenient` makes a warning of what some partners never get right:
 * wrong counts, and control numbers that differ. A frame that is missing is a fault in both.
 */
import {
  type GroupHeader,
  groupHeader,
  type InterchangeHeader,
  interchangeAcknowledgment,
  interchangeHeader,
  type X12Event,
} from './envelope.js';
import type { X12Fault, X12FaultCode, X12Position } from './fault.js';
import type { Segment } from './segment.js';

export type Strictness = 'strict' | 'lenient';

export interface EnvelopeLimits {
  /** Segments of one transaction set. */
  readonly setSegments: number;
  /** Faults and warnings that are kept of one interchange; what comes after is counted with the last. */
  readonly faults: number;
}

export const DEFAULT_ENVELOPE_LIMITS: EnvelopeLimits = { setSegments: 500_000, faults: 1000 };

interface Frame<H> {
  readonly header: H;
  readonly seen: Set<string>;
  readonly faults: X12Fault[];
  children: number;
}

interface OpenSet {
  readonly st: Segment;
  readonly segments: Segment[];
  readonly faults: X12Fault[];
  count: number;
}

export class EnvelopeReader {
  private interchange: (Frame<InterchangeHeader> & { readonly warnings: X12Fault[] }) | undefined;
  private group: Frame<GroupHeader> | undefined;
  private set: OpenSet | undefined;

  constructor(
    private readonly tell: (event: X12Event) => void,
    private readonly strictness: Strictness = 'strict',
    private readonly limits: EnvelopeLimits = DEFAULT_ENVELOPE_LIMITS,
  ) {}

  segment(segment: Segment): void {
    const { set } = this;
    this.latest = segment;
    // The hot path: a segment of a set.
    if (set && !FRAMES.has(segment.name)) return this.keep(set, segment);
    const step = this.steps[segment.name];
    if (step) step(segment);
    else this.misplaced(segment);
  }

  fault(code: X12FaultCode, detail: string, offset: number, number: number, lost: boolean): void {
    const fault: X12Fault = { code, detail, position: { ...this.place, offset, segment: number } };
    if (!this.interchange) return this.tell({ kind: 'fault', fault });
    if (this.set) this.set.count += 1; // it came, although it could not be read
    this.add(this.set?.faults ?? this.group?.faults, fault);
    if (!lost) return;
    this.closeSet(); // that its trailer is missing needs no saying
    this.closeInterchange();
  }

  end(): void {
    if (this.interchange) this.missing('IEA', this.latest);
    this.closeInterchange();
  }

  /** The segment that came last, where what is cut off was cut. */
  private latest: Segment | undefined;

  private readonly steps: Record<string, (segment: Segment) => void> = {
    ISA: (isa) => {
      if (this.interchange) this.missing('IEA', isa);
      this.closeInterchange();
      const header = interchangeHeader(isa);
      this.interchange = { header, seen: new Set(), faults: [], warnings: [], children: 0 };
      const position = this.at(isa);
      this.tell({ kind: 'interchange', header, position });
      if (!/^\d{1,9}$/.test(header.controlNumber))
        this.add(undefined, this.told('header', 'ISA13 is not a number', isa));
      if (isa.delimiters.component === undefined) this.warn('header', 'ISA16 names no component separator', isa);
    },
    TA1: (ta1) => this.tell({ kind: 'acknowledgment', acknowledgment: interchangeAcknowledgment(ta1) }),
    ISB: () => {}, // grade of service, which no partner here uses
    ISE: () => {}, // deferred delivery, likewise
    GS: (gs) => {
      if (this.group) this.missing('GE', gs);
      this.closeGroup();
      const header = groupHeader(gs);
      this.once(this.interchange, header.controlNumber, 'GS06', gs);
      this.group = { header, seen: new Set(), faults: [], children: 0 };
      if (this.interchange) this.interchange.children += 1;
      this.tell({ kind: 'group', header, position: this.at(gs) });
      if (!/^\d{8}$|^\d{6}$/.test(header.date)) this.header('GS04 is not a date', gs);
      if (!TIME.test(header.time)) this.header('GS05 is not a time', gs);
      if (!/^\d{1,9}$/.test(header.controlNumber)) this.header('GS06 is not a number', gs);
    },
    ST: (st) => {
      if (this.set) this.missing('SE', st);
      this.closeSet();
      if (!this.group) return this.misplaced(st);
      this.set = { st, segments: [st], faults: [], count: 1 };
      this.group.children += 1;
      this.once(this.group, st.at(2), 'ST02', st);
      if (st.at(1) === '') this.add(this.set.faults, this.told('header', 'ST01 does not say what set this is', st));
    },
    SE: (se) => {
      const { set } = this;
      if (!set) return this.misplaced(se);
      this.keep(set, se);
      this.compare('SE01', se.at(1), set.count, 'segments', se, set.faults);
      this.same('SE02', se.at(2), 'ST02', set.st.at(2), se, set.faults);
      this.closeSet();
    },
    GE: (ge) => {
      if (this.set) this.missing('SE', ge);
      this.closeSet();
      const { group } = this;
      if (!group) return this.misplaced(ge);
      this.compare('GE01', ge.at(1), group.children, 'transaction sets', ge, group.faults);
      this.same('GE02', ge.at(2), 'GS06', group.header.controlNumber, ge, group.faults);
      this.closeGroup();
    },
    IEA: (iea) => {
      const { interchange } = this;
      if (!interchange) return this.misplaced(iea);
      if (this.group) this.missing('GE', iea);
      this.closeGroup();
      this.compare('IEA01', iea.at(1), interchange.children, 'groups', iea, undefined, interchange.children === 0);
      this.same('IEA02', iea.at(2), 'ISA13', interchange.header.controlNumber, iea, undefined);
      this.closeInterchange();
    },
  };

  private keep(set: OpenSet, segment: Segment): void {
    set.count += 1;
    if (set.count <= this.limits.setSegments) set.segments.push(segment);
    else if (set.count === this.limits.setSegments + 1) {
      this.add(set.faults, this.told('size', `A set has more than ${this.limits.setSegments} segments`, segment));
    }
  }

  private closeSet(): void {
    const { set, group, interchange } = this;
    this.set = undefined;
    if (!set || !group || !interchange) return;
    const [id, controlNumber, version] = [set.st.at(1), set.st.at(2), set.st.at(3) || group.header.version];
    const { delimiters, number, offset } = set.st;
    const frames = { group: group.header, interchange: interchange.header, delimiters };
    const position = { ...this.place, set: controlNumber, segment: number, offset };
    const whole = { id, controlNumber, version, segments: set.segments, position, ...frames };
    this.tell({ kind: 'set', set: whole, faults: set.faults });
  }

  private closeGroup(): void {
    if (this.set) this.missing('SE', this.latest);
    this.closeSet();
    if (this.group) this.tell({ kind: 'group-end', header: this.group.header, faults: this.group.faults });
    this.group = undefined;
  }

  private closeInterchange(): void {
    this.closeGroup();
    const { interchange } = this;
    this.interchange = undefined;
    if (!interchange) return;
    const { header, faults, warnings } = interchange;
    this.tell({ kind: 'interchange-end', header, faults, warnings });
  }

  /** A fault of a set or a group is one of its interchange as well. */
  private add(own: X12Fault[] | undefined, fault: X12Fault): void {
    own?.push(fault);
    const all = this.interchange?.faults;
    if (all && all.length < this.limits.faults) all.push(fault);
  }

  private warn(code: X12FaultCode, detail: string, segment: Segment): void {
    const warnings = this.interchange?.warnings;
    if (warnings && warnings.length < this.limits.faults) warnings.push(this.told(code, detail, segment));
  }

  private header(detail: string, gs: Segment): void {
    if (this.strictness === 'lenient') this.warn('header', detail, gs);
    else this.add(this.group?.faults, this.told('header', detail, gs));
  }

  /** `idle`: an interchange that only acknowledges holds no group, and partners count that as 0 or as 1. */
  private compare(
    what: string,
    told: string,
    came: number,
    of: string,
    at: Segment,
    own?: X12Fault[],
    idle = false,
  ): void {
    if (/^\d{1,10}$/.test(told) && Number(told) === came) return;
    const detail = `${what} counts ${/^\d{1,10}$/.test(told) ? Number(told) : 'nothing'}, but ${came} ${of} came`;
    if (this.strictness === 'lenient' || idle) this.warn('count', detail, at);
    else this.add(own, this.told('count', detail, at));
  }

  /** Control numbers that are the same as numbers are written in two ways, which is worth a warning. */
  private same(what: string, told: string, headed: string, control: string, at: Segment, own?: X12Fault[]): void {
    if (told === control) return;
    const detail = `${what} is not the control number in ${headed}`;
    const asNumber = /^\d+$/.test(told) && /^\d+$/.test(control) && Number(told) === Number(control);
    if (this.strictness === 'lenient' || asNumber) this.warn('control-number', detail, at);
    else this.add(own, this.told('control-number', detail, at));
  }

  private once(frame: { seen: Set<string> } | undefined, control: string, what: string, at: Segment): void {
    if (!frame) return;
    if (!frame.seen.has(control)) return void frame.seen.add(control);
    const detail = `${what} came before in the same frame`;
    if (this.strictness === 'lenient') this.warn('duplicate', detail, at);
    else this.add(what === 'ST02' ? this.set?.faults : undefined, this.told('duplicate', detail, at));
  }

  private missing(trailer: 'SE' | 'GE' | 'IEA', at: Segment | undefined): void {
    const fault: X12Fault = {
      code: 'truncated',
      detail: `${trailer} is missing: the ${FRAME_OF[trailer]} is cut off`,
      position: { ...this.place, offset: at?.offset ?? 0, segment: at?.number ?? 0 },
    };
    this.add(this.set?.faults ?? this.group?.faults, fault);
  }

  private misplaced(segment: Segment): void {
    const detail = `${/^[A-Z][A-Z0-9]{1,2}$/.test(segment.name) ? segment.name : 'A segment'} stands outside of its frame`;
    this.add(this.group?.faults, this.told('placement', detail, segment));
  }

  private told(code: X12FaultCode, detail: string, segment: Segment): X12Fault {
    return { code, detail, position: this.at(segment) };
  }

  private at({ offset, number }: Segment): X12Position {
    return { ...this.place, offset, segment: number };
  }

  private get place(): Pick<X12Position, 'interchange' | 'group' | 'set'> {
    return {
      interchange: this.interchange?.header.controlNumber,
      group: this.group?.header.controlNumber,
      set: this.set?.st.at(2),
    };
  }
}

const FRAMES = new Set(['ISA', 'GS', 'ST', 'SE', 'GE', 'IEA', 'TA1', 'ISB', 'ISE']);
const FRAME_OF = { SE: 'transaction set', GE: 'group', IEA: 'interchange' };
const TIME = /^(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d\d{0,2})?$/;
