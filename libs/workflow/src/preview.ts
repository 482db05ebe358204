import { fingerprint } from './fingerprint.js';
import type { Write } from './definition.js';
import type { PassResult } from './pass.js';
import type { Purpose } from './steps.js';

/** One write that a pass would make. */
export interface PreviewedWrite extends Purpose, Write {}

/** What the next pass over a run would do. */
export interface Preview {
  readonly writes: readonly PreviewedWrite[];
  /** Steps that would be refused again. */
  readonly problems: readonly { readonly step: string; readonly problem: string; readonly detail: string }[];
  /** Steps that would still have to wait. */
  readonly stopped: readonly string[];
  /** Changes with any of the writes; given back on resolve, it makes sure that just these are made. */
  readonly hash: string;
}

export function previewOf(writes: readonly PreviewedWrite[], { standing }: PassResult): Preview {
  const { parked, left, blocked, nodes } = standing;
  const problems = parked.map(({ step, detail, problem }) => ({ step, detail, problem: problem?.slug ?? 'approval' }));
  const waiting = Object.keys(nodes).filter((name) => nodes[name]?.status === 'waiting' && !blocked.includes(name));
  return { writes, problems, stopped: [...waiting, ...left, ...blocked], hash: fingerprint(writes) };
}

/** Stands for what a step would keep: its members read as `<claim.number>`, at any depth. */
export function placeholderFor(path: string): unknown {
  const text = () => `<${path}>`;
  return new Proxy(
    { toJSON: text, toString: text, [Symbol.toPrimitive]: text },
    {
      get: (words, member) => {
        if (member in words) return words[member as keyof typeof words];
        return typeof member === 'symbol' || member === 'then' ? undefined : placeholderFor(`${path}.${member}`);
      },
    },
  );
}
