import { isNativeError } from 'node:util/types';
import { asProblem, Problem, type ProblemSlug } from '@concord/canonical';
import { stopped } from './stopped.js';

/**
 * What goes wrong on the wire, as a problem. The foreign error stays behind: the HTTP parser's holds the bytes it could
 * not read, axios's the whole request. Its code is enough to know what happened.
 */
interface Meaning {
  readonly code: RegExp;
  readonly slug: ProblemSlug;
  readonly detail: string;
}

/** The first match counts. Codes are those of undici, axios, OpenSSL and the operating system. */
const MEANINGS: readonly Meaning[] = [
  { code: /TIMEOUT|^ETIMEDOUT$/, slug: 'upstream-timeout', detail: 'The connection timed out' },
  { code: /^UND_ERR_RES_EXCEEDED_MAX_SIZE$/, slug: 'upstream-rejected', detail: 'The answer is larger than allowed' },
  {
    code: /^(UND_ERR_INVALID|UND_ERR_REQ|ERR_INVALID|ERR_BAD|ERR_NOT_SUPPORT)/,
    slug: 'internal',
    detail: 'No request',
  },
  { code: /^HPE_/, slug: 'upstream-unavailable', detail: 'The answer is not HTTP' },
  { code: /^/, slug: 'upstream-unavailable', detail: 'The connection failed' },
];

/** `target` is the host that was called. What carries no code is a defect of our own: `internal`. */
export function wireProblem(error: unknown, target: string): Problem {
  const code = codeOf(error);
  if (error instanceof Problem || code === undefined) return asProblem(error);
  if (code === 'ERR_CANCELED') return stopped('caller', target);
  const meaning = MEANINGS.find((meaning) => meaning.code.test(code));
  return new Problem(meaning?.slug ?? 'internal', meaning?.detail, { context: { target, code } });
}

/** undici's parser error often has no code. */
function codeOf(error: unknown): string | undefined {
  if (!isNativeError(error)) return undefined;
  if (error.name === 'HTTPParserError') return 'HPE_INVALID';
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** An answer that claims to be JSON and is not. */
export const unreadableAnswer = (): Problem =>
  new Problem('upstream-unavailable', 'The answer is not the JSON that it claims to be');
