import { isDeepStrictEqual } from 'node:util';
import { Problem } from '@concord/canonical';
import type { Facts, Statement } from './statement.js';

/** Facts that were said at one moment. */
type Layer = readonly [saidAt: string, facts: Facts];

interface Fact {
  readonly saidAt: string;
  readonly value: unknown;
}

const MOST_FACTS = 10_000;

/**
 * What is known of one thing: each fact with when it was said. Statements may come in any order and any number of times;
 * of each fact the one said last holds, and of two said at the same moment the one that came last.
 */
export class Sheet {
  private readonly facts = new Map<string, Fact>();

  /** @param layers as `layers` gave them */
  constructor(layers: readonly Layer[] = []) {
    for (const [saidAt, facts] of layers) {
      for (const [name, value] of Object.entries(facts)) this.facts.set(name, { saidAt, value });
    }
  }

  /** `changed`: something is now known otherwise; `confirmed`: only that it still holds; `nothing`: all was known. */
  take({ saidAt, facts }: Statement): 'changed' | 'confirmed' | 'nothing' {
    let outcome: 'changed' | 'confirmed' | 'nothing' = 'nothing';
    for (const [name, value] of Object.entries(facts)) {
      if (value === undefined) continue;
      const known = this.facts.get(name);
      if (known && known.saidAt > saidAt) continue;
      const isSame = known !== undefined && isDeepStrictEqual(known.value, value);
      if (isSame && known.saidAt === saidAt) continue;
      this.facts.set(name, { saidAt, value });
      if (!isSame) outcome = 'changed';
      else if (outcome === 'nothing') outcome = 'confirmed';
    }
    if (this.facts.size > MOST_FACTS) throw new Problem('payload-too-large', 'More is said of one thing than we keep');
    return outcome;
  }

  /** A fact that holds; undefined where nobody stated it, and where it was taken back. */
  value<T>(name: string): T | undefined {
    return (this.facts.get(name)?.value ?? undefined) as T | undefined;
  }

  /** When a fact was said, or taken back. */
  saidAt(name: string): string | undefined {
    return this.facts.get(name)?.saidAt;
  }

  /** The facts whose names begin so and that hold, in the order in which they were said. */
  those<T>(prefix: string): { readonly name: string; readonly saidAt: string; readonly value: T }[] {
    const found = [];
    for (const [name, { saidAt, value }] of this.facts) {
      if (name.startsWith(prefix) && value !== null) found.push({ name, saidAt, value: value as T });
    }
    return found.sort((a, b) => compare(a.saidAt, b.saidAt) || compare(a.name, b.name));
  }

  /** To be stored. */
  layers(): Layer[] {
    const layers = new Map<string, Record<string, unknown>>();
    for (const [name, { saidAt, value }] of this.facts) {
      const layer = layers.get(saidAt);
      if (layer) layer[name] = value;
      else layers.set(saidAt, { [name]: value });
    }
    return [...layers];
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
