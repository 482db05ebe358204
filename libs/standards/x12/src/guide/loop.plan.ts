/** What may stand in a loop, in which order, and which part of it takes a segment. */
import type { Segment } from '../segment.js';
import type { LoopSpec, Part, Spec } from './guide.js';
import { matches } from './segment.reader.js';

/** What may stand in a loop, in its order. */
export interface Plan {
  readonly names: readonly string[];
  readonly parts: readonly Part<unknown>[];
  /** Parts that may stand in any order among themselves have the same rank. */
  readonly ranks: readonly number[];
}

/** How far a loop is filled. */
export interface Occupied {
  readonly plan: Plan;
  /** How often each part has come. */
  readonly counts: readonly number[];
  /** Index of the part that was taken last. */
  readonly at: number;
}

const PLANS = new WeakMap<LoopSpec, Plan>();

/** The index of the part that takes a segment, or -1. */
type Fits = (loop: Occupied, segment: Segment) => number;

const search = ({ plan, counts }: Occupied, segment: Segment, from: number, full: boolean): number => {
  const { parts, ranks } = plan;
  const rank = ranks[from] ?? 0;
  let start = from;
  while (start > 0 && ranks[start - 1] === rank) start -= 1;
  for (let index = start; index < parts.length; index += 1) {
    const part = parts[index] as Part<unknown>;
    if (begins(part.spec, segment) && (full || (counts[index] ?? 0) < part.max)) return index;
  }
  return -1;
};

/** A part with room, at the place that was reached or behind it. */
export const withRoom: Fits = (loop, segment) => search(loop, segment, loop.at, false);
/** The same, also where it has come as often as it may. */
export const whereFull: Fits = (loop, segment) => search(loop, segment, loop.at, true);
/** The same, also before the place that was reached. */
export const anywhere: Fits = (loop, segment) => search(loop, segment, 0, true);

function begins(spec: Spec, segment: Segment): boolean {
  if (spec.kind === 'segment') return matches(spec, segment);
  if (spec.level !== undefined) return segment.name === 'HL' && segment.at(3) === spec.level;
  const first = planOf(spec).parts[0];
  return first !== undefined && begins(first.spec, segment);
}

/** The name of the segment that a loop begins with. */
export function triggerOf(spec: LoopSpec): string {
  if (spec.level !== undefined) return 'HL';
  const first = planOf(spec).parts[0]?.spec;
  if (!first) return '';
  return first.kind === 'segment' ? first.name : triggerOf(first);
}

/** The plan of a loop, worked out once. */
export function planOf(spec: LoopSpec): Plan {
  const known = PLANS.get(spec);
  if (known) return known;
  const names = Object.keys(spec.parts);
  const parts = Object.values(spec.parts);
  const plan: Plan = { names, parts, ranks: [] };
  PLANS.set(spec, plan);
  let rank = 0;
  const key = (part: Part<unknown> | undefined) =>
    part && (part.spec.kind === 'segment' ? part.spec.name : `loop ${triggerOf(part.spec)}`);
  const ranks = parts.map((part, index) => {
    const same = index > 0 && key(part) === key(parts[index - 1]);
    // The first segment of a loop stands for the loop and shares its place with nothing.
    if (index === 1 || !same) rank += 1;
    return rank;
  });
  Object.assign(plan, { ranks });
  return plan;
}
