import { asProblem, Problem } from '@concord/canonical';
import { corrected } from './correction.js';
import type { Node, ReadNode, View } from './definition.js';
import type { Correction, NodeState } from './ledger-tables.js';

/** Thrown inside a node's function when it names a node that is not done: the node has to wait for that one. */
class Unfinished {
  constructor(readonly name: string) {}
}

/** Thrown inside a node's function when it names something that has to be fetched first. */
class Unread {
  constructor(readonly node: ReadNode) {}
}

export type Evaluated = { readonly value: unknown } | { readonly blockedBy: string } | { readonly problem: Problem };

interface Sources {
  readonly services: object;
  readonly event: unknown;
  readonly nodes: readonly Node[];
  readonly corrections: readonly Correction[];
  /** The state of a node that is done or skipped. */
  readonly over: (name: string) => NodeState | undefined;
}

/**
 * What the functions of a pass can name. A dependency is found when it is used: a name whose node is not done stops the
 * function, and the node is known to be blocked by it. Reads are fetched once a pass, at their first use.
 */
export class PassView {
  private readonly fetched = new Map<string, unknown>();
  private readonly view: View;

  constructor(private readonly sources: Sources) {
    this.view = this.viewBy((node) => this.valueOf(node));
  }

  /** Runs a node's function; it may run again when it turns out to need a read. Functions of nodes have no effects. */
  evaluate(fn: (view: View) => unknown): Promise<Evaluated> {
    return this.evaluateIn(this.view, fn);
  }

  /** The same for a function that must do with what there is: undefined instead of what is not done or cannot be read. */
  async glance<T>(fn: (view: View) => T): Promise<T | undefined> {
    const unreadable = new Set<string>();
    const partial = this.viewBy((node) => {
      if (unreadable.has(node.name)) return undefined;
      return node.kind === 'read' || this.sources.over(node.name) ? this.valueOf(node) : undefined;
    });
    for (;;) {
      try {
        return fn(partial);
      } catch (error) {
        if (!(error instanceof Unread)) return undefined;
        if (!('value' in (await this.fetch(error.node)))) unreadable.add(error.node.name);
      }
    }
  }

  /** Fetches what the corrections are about; throws `validation-failed` where one of them fits nothing. */
  async check(corrections: readonly Correction[]): Promise<void> {
    for (const { read } of corrections) {
      const node = this.sources.nodes.find(({ name, kind }) => name === read && kind === 'read');
      if (node?.kind !== 'read') throw new Problem('validation-failed', `There is no read named ${read} to correct`);
      const evaluated = this.fetched.has(read) ? undefined : await this.fetch(node);
      if (evaluated && 'problem' in evaluated) throw evaluated.problem;
    }
  }

  private async evaluateIn(view: View, fn: (view: View) => unknown): Promise<Evaluated> {
    for (;;) {
      try {
        return { value: await fn(view) };
      } catch (error) {
        if (error instanceof Unfinished) return { blockedBy: error.name };
        if (!(error instanceof Unread)) return { problem: asProblem(error) };
        const fetched = await this.fetch(error.node);
        if (!('value' in fetched)) return fetched;
      }
    }
  }

  private viewBy(value: (node: Node) => unknown): View {
    const view = Object.create(null) as View;
    Object.assign(view, this.sources.services);
    view['event'] = this.sources.event;
    for (const node of this.sources.nodes) {
      Object.defineProperty(view, node.name, { get: () => value(node), enumerable: true });
    }
    return view;
  }

  private valueOf(node: Node): unknown {
    if (node.kind === 'read') {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- a jump and not an error: it needs no stack
      if (!this.fetched.has(node.name)) throw new Unread(node);
      return this.fetched.get(node.name);
    }
    const state = this.sources.over(node.name);
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- a jump and not an error: it needs no stack
    if (!state) throw new Unfinished(node.name);
    return state.status === 'done' ? state.value : undefined;
  }

  private async fetch(node: ReadNode): Promise<Evaluated> {
    const { name } = node;
    const own = this.sources.corrections.filter(({ read }) => read === name);
    const fetched = await this.evaluateIn(this.view, async (view) => corrected(await node.read(view), own));
    if ('value' in fetched) this.fetched.set(name, fetched.value);
    return fetched;
  }
}
