import { randomUUID } from 'node:crypto';

/** W3C Trace Context, level 1: `00-<trace id>-<parent id>-<flags>`. Read what arrives, send a child of it onwards. */
const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const NO_TRACE = '0'.repeat(32);
const NO_PARENT = '0'.repeat(16);

export interface Trace {
  /** 32 hexadecimal digits, the same in every system the trace passes. */
  readonly traceId: string;
  /** 16 hexadecimal digits: the span that made the call. */
  readonly parentId: string;
  /** Whether the caller records the trace. */
  readonly sampled: boolean;
}

/** The trace of a `traceparent` header, or undefined where the header does not follow §3.2 of the recommendation. */
export function parseTraceparent(header: unknown): Trace | undefined {
  const [, version, traceId, parentId, flags, more] = (typeof header === 'string' && FORM.exec(header)) || [];
  if (traceId === undefined || parentId === undefined || flags === undefined) return undefined;
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (traceId === NO_TRACE || parentId === NO_PARENT) return undefined;
  return { traceId, parentId, sampled: (parseInt(flags, 16) & 1) === 1 };
}

/** The header for a call made while serving `header`: the same trace under a span of our own, or a trace that begins here. */
export function childTraceparent(header?: string): string {
  const trace = parseTraceparent(header);
  return `00-${trace?.traceId ?? newTraceId()}-${newSpanId()}-${trace?.sampled === false ? '00' : '01'}`;
}

const newTraceId = (): string => randomUUID().replaceAll('-', '');

/** The first and the last group of a random UUID: 80 random bits, of which a span takes 64. */
function newSpanId(): string {
  const chance = randomUUID();
  return chance.slice(0, 4) + chance.slice(24);
}
