import { Problem, type ProblemSlug } from '@concord/canonical';
import type { Node, View } from './definition.js';
import type { Correction, NodeState } from './ledger-tables.js';

/** Thrown inside a node's function when it names a node that is not done: the node has to wait for that one. */
class Unfinished {
  constructor(readonly name: string) {}
}

/** Thrown inside a node's function when it names something that has to be fetched first. */
class Unread {
  constructor(readonly name: string) {}
}

export type Evaluated = { readonly value: unknown } | { readonly blockedBy: string } | { readonly problem: Problem };

interface Sources {
  readonly services: object;
  readonly event: unknown;
  readonly nodes: readonly Node[];
  readonly corrections: readonly Correction[];
  readonly state: (name: string) => NodeState | undefined;
}

/**
 * What the functions of a pass can name. A dependency is found when it is used: a name whose node is not done stops the
 * function, and the node is known to be blocked by it. Reads are fetched once a pass, at their first use.
 */
export class PassView {
  private readonly fetched = new Map<string, unknown>();
  private readonly view: View;

  constructor(private readonly sources: Sources) {
    this.view = Object.create(null) as View;
    for (const [name, service] of Object.entries(sources.services)) this.view[name] = service;
    Object.defineProperty(this.view, 'event', { value: sources.event, enumerable: true });
    for (const node of sources.nodes) {
      Object.defineProperty(this.view, node.name, { get: () => this.valueOf(node), enumerable: true });
    }
  }

  /** Runs a node's function; it may run again when it turns out to need a read. Functions of nodes have no effects. */
  async evaluate(fn: (view: View) => unknown): Promise<Evaluated> {
    for (;;) {
      try {
        return { value: await fn(this.view) };
      } catch (error) {
        if (error instanceof Unfinished) return { blockedBy: error.name };
        if (!(error instanceof Unread)) return { problem: problemOf(error) };
        const fetched = await this.fetch(error.name);
        if (!('value' in fetched)) return fetched;
      }
    }
  }

  /** The same for a function that must do with what is there: undefined instead of an unfinished node. */
  glance<T>(fn: (view: View) => T): T | undefined {
    const partial = Object.create(null) as View;
    for (const name of Object.keys(this.view)) {
      Object.defineProperty(partial, name, { get: () => this.tried(name), enumerable: true });
    }
    try {
      return fn(partial);
    } catch {
      return undefined;
    }
  }

  private tried(name: string): unknown {
    try {
      return this.view[name];
    } catch {
      return undefined;
    }
  }

  private valueOf(node: Node): unknown {
    if (node.kind === 'read') {
      if (!this.fetched.has(node.name)) throw new Unread(node.name);
      return this.fetched.get(node.name);
    }
    const state = this.sources.state(node.name);
    if (state?.status === 'done') return state.value;
    if (state?.status === 'skipped') return undefined;
    throw new Unfinished(node.name);
  }

  private async fetch(name: string): Promise<Evaluated> {
    const node = this.sources.nodes.find((one) => one.name === name && one.kind === 'read');
    if (node?.kind !== 'read') throw new Error(`${name} is not a read`);
    const fetched = await this.evaluate(node.read);
    if ('value' in fetched) this.fetched.set(name, corrected(fetched.value, this.correctionsOf(name)));
    return fetched;
  }

  private correctionsOf(name: string): Correction[] {
    return this.sources.corrections.filter((correction) => correction.read === name);
  }
}

function problemOf(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem('internal', undefined, { cause: error });
}

/** The read value with what a person put right (RFC 6901 pointers to members that exist). */
function corrected(value: unknown, corrections: readonly Correction[]): unknown {
  if (!corrections.length) return value;
  const copy = structuredClone(value);
  for (const { pointer, value: right } of corrections) {
    const path = pointer.split('/').slice(1).map(unescape);
    const last = path.pop();
    const holder = path.reduce<unknown>((part, name) => memberOf(part, name), copy);
    if (last === undefined || memberOf(holder, last) === undefined) {
      throw new Problem('validation-failed' satisfies ProblemSlug, `There is nothing at ${pointer} to correct`);
    }
    (holder as Record<string, unknown>)[last] = right;
  }
  return copy;
}

const unescape = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');

const memberOf = (part: unknown, name: string): unknown =>
  typeof part === 'object' && part !== null && Object.hasOwn(part, name)
    ? (part as Record<string, unknown>)[name]
    : undefined;
