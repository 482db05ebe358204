import { Problem } from '@concord/canonical';
import type { Correction } from './ledger-tables.js';

/** A read value with what a person put right (RFC 6901 pointers). Throws `validation-failed` where there is nothing to correct. */
export function corrected(value: unknown, corrections: readonly Correction[]): unknown {
  if (!corrections.length) return value;
  const copy = structuredClone(value);
  for (const correction of corrections) putRight(copy, correction);
  return copy;
}

function putRight(whole: unknown, { pointer, value }: Correction): void {
  const path = pointer.split('/').slice(1).map(unescape);
  const last = path.pop();
  const holder = path.reduce<unknown>((part, name) => memberOf(part, name), whole);
  const wrong = last === undefined ? undefined : memberOf(holder, last);
  const right = ofTheTypeOf(wrong, value);
  if (last === undefined || right === undefined) throw nothingAt(pointer);
  (holder as Record<string, unknown>)[last] = right;
}

/** A correction is written as text; a number stays a number. Undefined where the text cannot stand for the value. */
function ofTheTypeOf(wrong: unknown, text: string): unknown {
  if (typeof wrong === 'string') return text;
  if (typeof wrong === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
  if (typeof wrong === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return undefined;
}

const nothingAt = (pointer: string): Problem => {
  const detail = 'names no value that this could replace';
  return new Problem('validation-failed', `The correction of ${pointer} ${detail}`, {
    errors: [{ pointer: '/corrections', code: 'pointer', detail }],
  });
};

const unescape = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');

const memberOf = (part: unknown, name: string): unknown =>
  typeof part === 'object' && part !== null && Object.hasOwn(part, name)
    ? (part as Record<string, unknown>)[name]
    : undefined;
