import { Problem } from '@concord/canonical';

import { isObject, type JsonObject } from './json.js';

/** The resources of a bundle by the `fullUrl` of their entry, as `Type/id`. */
export type Names = ReadonlyMap<string, string>;

/** FHIR nests a dozen levels; what goes far beyond is made to hurt. */
const DEEPEST = 64;

/**
 * Writes each reference to another entry of a bundle as `Type/id`: `urn:uuid:…`, and absolute URLs that are some entry's
 * `fullUrl`, with or without a version. All other references stay: relative, conditional, contained, foreign. What does not
 * change is not copied, and a resource given is never changed.
 */
export class References {
  /** Whether a reference by URN was met that no entry answers to. */
  unresolved = false;

  constructor(private readonly names: Names) {}

  /** Throws `validation-failed` at `pointer` for a resource that is nested beyond reason. */
  resolve(resource: JsonObject, pointer: string): JsonObject {
    try {
      return this.object(resource, 0);
    } catch (error) {
      if (error !== TOO_DEEP) throw error;
      const fault = { pointer, code: 'format', detail: `${pointer} is nested too deeply` };
      throw new Problem('validation-failed', fault.detail, { errors: [fault] });
    }
  }

  /** `Type/id` of the entry that a reference means. */
  nameOf(reference: string): string | undefined {
    const version = reference.indexOf('/_history/');
    return this.names.get(version < 0 ? reference : reference.slice(0, version));
  }

  private object(node: JsonObject, depth: number): JsonObject {
    if (depth > DEEPEST) throw TOO_DEEP;
    let copy: Record<string, unknown> | undefined;
    for (const name in node) {
      const before = node[name];
      const after =
        name === 'reference' && typeof before === 'string' ? this.reference(before) : this.value(before, depth + 1);
      if (after !== before) (copy ??= { ...node })[name] = after;
    }
    return copy ?? node;
  }

  private list(nodes: readonly unknown[], depth: number): readonly unknown[] {
    if (depth > DEEPEST) throw TOO_DEEP;
    let copy: unknown[] | undefined;
    for (let i = 0; i < nodes.length; i++) {
      const after = this.value(nodes[i], depth + 1);
      if (after !== nodes[i]) (copy ??= [...nodes])[i] = after;
    }
    return copy ?? nodes;
  }

  private value(node: unknown, depth: number): unknown {
    if (Array.isArray(node)) return this.list(node, depth);
    return isObject(node) ? this.object(node, depth) : node;
  }

  private reference(reference: string): string {
    const name = this.nameOf(reference);
    if (name === undefined && reference.startsWith('urn:')) this.unresolved = true;
    return name ?? reference;
  }
}

const TOO_DEEP = new Error('nested too deeply');

/** The pointer of the first reference by URN below a node. */
export function urnReferenceIn(node: unknown, pointer: string): string | undefined {
  if (typeof node !== 'object' || node === null) return undefined;
  for (const [name, value] of Object.entries(node)) {
    const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (name === 'reference' && typeof value === 'string' && value.startsWith('urn:')) return at;
    const below = urnReferenceIn(value, at);
    if (below !== undefined) return below;
  }
  return undefined;
}
