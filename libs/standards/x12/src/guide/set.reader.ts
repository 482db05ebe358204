/**
 * Reads a transaction set by its guide into its shape, and tells every departure from the guide with its place. A segment goes
 * to the innermost loop that still has room for it at or behind its present place; then to the loops around it; a segment that
 * only fits before its place is out of order and read all the same.
 */
import type { X12Set } from '../envelope.js';
import type { Segment } from '../segment.js';
import { type Finding, type FindingCode, GuideRefusal } from './finding.js';
import type { Guide, LoopSpec, Part, SegmentSpec } from './guide.js';
import { anywhere, planOf, triggerOf, whereFull, withRoom, type Occupied } from './loop.plan.js';
import { type ElementFinding, pointerTo, readSegment } from './segment.reader.js';

export interface ReadSet<V> {
  /** As far as it could be read. Where a finding says that something is missing, it is missing here too. */
  readonly value: V;
  readonly findings: readonly Finding[];
}

export interface Check {
  /** How far to look: SNIP levels up to this one; 3 if nothing is said, 0 to look at nothing. */
  readonly level?: 0 | 1 | 2 | 3;
}

export function readSet<V>(guide: Guide<V>, set: Pick<X12Set, 'segments'>, { level = 3 }: Check = {}): ReadSet<V> {
  const reading = new SetReading(set.segments, level);
  const value = reading.all(guide.body) as V;
  if (level >= 3 && reading.isWhole) reading.balance(guide, value);
  return { value, findings: reading.findings.filter((finding) => finding.level <= level) };
}

/** The same, for those who can only use what follows its guide. Throws `GuideRefusal` with every finding. */
export function readWhole<V>(guide: Guide<V>, set: Pick<X12Set, 'segments'>, check?: Check): V {
  const { value, findings } = readSet(guide, set, check);
  if (findings.length > 0) throw new GuideRefusal(findings);
  return value;
}

/** A loop that is being read. */
interface Frame extends Occupied {
  readonly spec: LoopSpec;
  readonly value: Record<string, unknown>;
  readonly counts: number[];
  at: number;
  where: string;
  hl?: string;
}

const FINDINGS = 1000;

class SetReading {
  readonly findings: Finding[] = [];
  private readonly stack: Frame[] = [];
  private next = 0;

  /** Whether nothing that the shape needs is missing. */
  isWhole = true;
  /** What stands between ST and SE. */
  private readonly segments: readonly Segment[];

  constructor(
    private readonly set: readonly Segment[],
    private readonly level: number,
  ) {
    this.segments = set.slice(1, set.at(-1)?.name === 'SE' ? -1 : undefined);
  }

  all(body: LoopSpec): Record<string, unknown> {
    return this.loop(body, '');
  }

  balance<V>(guide: Guide<V>, value: V): void {
    for (const rule of guide.balances) {
      rule(value, ({ rule: code, where, detail, pointer }) => {
        const segmentName = pointer.split('-')[0] ?? '';
        const [found, number] = this.find(segmentName, where);
        const message = `${where ? `${where}: ` : ''}${detail}`;
        const place = { segment: number, segmentName, offset: found?.offset };
        this.add({
          level: 3,
          code: 'balance',
          message,
          pointer: `${code}/${pointer}`,
          element: elementOf(pointer),
          ...place,
        });
      });
    }
  }

  private readonly called = new Map<string, number>();

  /** The first segment of a name behind where a loop of this name in words began. */
  private find(name: string, where: string): [Segment | undefined, number] {
    const from = this.called.get(where) ?? 0;
    const index = this.segments.findIndex((segment, at) => at >= from && segment.name === name);
    return index < 0 ? [undefined, 1] : [this.segments[index], index + 2];
  }

  private loop(spec: LoopSpec, where: string): Record<string, unknown> {
    const plan = planOf(spec);
    const frame: Frame = { spec, plan, value: {}, counts: plan.parts.map(() => 0), at: 0, where };
    this.stack.push(frame);
    if (spec.level !== undefined) this.hierarchy(frame);
    for (let segment = this.segments[this.next]; segment; segment = this.segments[this.next]) {
      const place = this.placeOf(segment);
      if (place && place.frame !== frame) break;
      if (place) this.take(frame, place.part, place.inOrder, segment);
      else {
        const known = KNOWN.test(segment.name);
        this.tell(known ? 'segment-unexpected' : 'segment-unknown', segment, {
          words: `${known ? segment.name : 'a segment'} may not stand here`,
        });
        this.next += 1;
      }
    }
    this.missing(frame);
    this.stack.pop();
    return frame.value;
  }

  private take(frame: Frame, index: number, inOrder: boolean, segment: Segment): void {
    const { plan, value, counts } = frame;
    const part = plan.parts[index] as Part<unknown>;
    const name = plan.names[index] as string;
    const { spec } = part;
    if (inOrder) frame.at = Math.max(frame.at, index);
    else
      this.tell('segment-order', segment, {
        words: `${segment.name} ${spec.title} stands behind what it must come before`,
      });
    const number = (counts[index] = (counts[index] ?? 0) + 1);
    const extra = number > part.max;
    if (extra) {
      const words = `${spec.title} comes more than ${part.max === 1 ? 'once' : `${part.max} times`}`;
      this.tell(spec.kind === 'loop' ? 'loop-repeats' : 'segment-repeats', segment, { words });
    }
    const found: ElementFinding[] = [];
    const read = spec.kind === 'segment' ? this.segment(spec, segment, found) : this.loop(spec, '');
    if (!part.many)
      value[name] ??= read; // of several the first counts
    else if (number === 1) value[name] = [read];
    else (value[name] as unknown[]).push(read);
    // The first segment of a loop often names it: `Claim CLM-17`.
    if (spec.kind === 'segment' && frame.spec.called && frame.where === '') this.name(frame);
    for (const finding of found) this.tell(finding.code, segment, finding);
  }

  private name(frame: Frame): void {
    const index = this.siblings(frame);
    const own = frame.spec.called?.(frame.value as never, index) ?? '';
    const around = this.stack.at(-2)?.where ?? '';
    frame.where = [this.inherited(around), own].filter(Boolean).join(', ');
    this.called.set(frame.where, this.next - 1);
  }

  private inherited(around: string): string {
    if (around) return around;
    return this.stack.slice(0, -1).findLast(({ where }) => where !== '')?.where ?? '';
  }

  private siblings(frame: Frame): number {
    const parent = this.stack.at(-2);
    if (!parent) return 1;
    const index = parent.plan.parts.findIndex(({ spec }) => spec === frame.spec);
    return parent.counts[index] ?? 1;
  }

  private segment(spec: SegmentSpec, segment: Segment, found: ElementFinding[]): unknown {
    this.next += 1;
    return readSegment(spec, segment, this.level > 0 ? (finding) => found.push(finding) : undefined);
  }

  /** HL01 is a number of its own, HL02 names the loop around, HL03 the level. */
  private hierarchy(frame: Frame): void {
    const hl = this.segments[this.next] as Segment;
    this.next += 1;
    frame.hl = hl.at(1);
    if (hl.at(1) === '') this.tell('hierarchy', hl, { words: 'HL-01 has no number', element: 1 });
    const parent = this.stack.slice(0, -1).findLast(({ hl: number }) => number !== undefined)?.hl ?? '';
    if (hl.at(2) !== parent)
      this.tell('hierarchy', hl, { words: 'HL-02 names another loop than the one it stands in', element: 2 });
  }

  /** Which loop, from the inside out, takes a segment, and as what. */
  private placeOf(segment: Segment): { frame: Frame; part: number; inOrder: boolean } | undefined {
    const parent = segment.name === 'HL' ? this.parentOf(segment) : undefined;
    const below = parent ? withRoom(parent, segment) : -1;
    if (parent && below >= 0) return { frame: parent, part: below, inOrder: true };
    for (const fits of [withRoom, whereFull, anywhere]) {
      for (let depth = this.stack.length - 1; depth >= 0; depth -= 1) {
        const frame = this.stack[depth] as Frame;
        const part = fits(frame, segment);
        if (part >= 0) return { frame, part, inOrder: fits !== anywhere };
      }
    }
    return undefined;
  }

  /** The loop that HL02 names; the set itself where it names none. */
  private parentOf(hl: Segment): Frame | undefined {
    const number = hl.at(2);
    return number === '' ? this.stack[0] : this.stack.findLast((frame) => frame.hl === number);
  }

  private missing({ plan, value, spec }: Frame): void {
    plan.parts.forEach((part, index) => {
      const name = plan.names[index] as string;
      if (!part.needed || value[name] !== undefined) return;
      const { spec: what } = part;
      this.isWhole = false;
      const last = this.segments[Math.max(0, this.next - 1)] ?? this.set[0];
      if (!last) return;
      const segmentName = what.kind === 'segment' ? what.name : triggerOf(what);
      const words = `${segmentName} ${what.title} is missing`;
      this.tell(what.kind === 'loop' ? 'loop-missing' : 'segment-missing', last, {
        words,
        name: segmentName,
        loop: what.kind === 'loop' ? what.id : spec.id,
      });
    });
  }

  private tell(
    code: FindingCode,
    segment: Segment,
    {
      words,
      element,
      component,
      name = segment.name,
      loop,
    }: { words: string; element?: number; component?: number; name?: string; loop?: string },
  ): void {
    const frame = this.stack.at(-1);
    const where = this.stack.findLast((one) => one.where !== '')?.where ?? '';
    const id = loop ?? frame?.spec.id ?? '';
    const pointer = [id, element ? pointerTo(name, element, component) : name].filter(Boolean).join('/');
    const number = this.segments.indexOf(segment, Math.max(0, this.next - 2)) + 2;
    const place = {
      segment: number,
      segmentName: name,
      offset: segment.offset,
      loop: id || undefined,
      element,
      component,
    };
    if (code === 'element-missing') this.isWhole = false;
    this.add({ level: LEVEL[code] ?? 2, code, message: where ? `${where}: ${words}` : words, pointer, ...place });
  }

  private add(finding: Finding): void {
    if (this.findings.length < FINDINGS && finding.level <= this.level) this.findings.push(finding);
  }
}

const elementOf = (pointer: string): number | undefined => Number(/-(\d\d)/.exec(pointer)?.[1]) || undefined;
const KNOWN = /^[A-Z][A-Z0-9]{1,2}$/;
const LEVEL: Partial<Record<FindingCode, 1 | 2>> = {
  'segment-unknown': 1,
  'element-condition': 1,
  'too-short': 1,
  'too-long': 1,
  'not-a-date': 1,
  'not-a-time': 1,
  'not-a-number': 1,
};
