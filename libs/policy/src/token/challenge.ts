/**
 * Refusals of a token, and what `WWW-Authenticate` says of them (RFC 6750, 3). The refusal carries its error code in the
 * problem's context, so that whoever writes the answer can ask for the header.
 */
import { Problem } from '@concord/canonical';

/** No token at all, or with a reason, a token that does not hold. */
export const unauthenticated = (reason?: string): Problem =>
  reason === undefined
    ? new Problem('unauthenticated', 'Send an access token: Authorization: Bearer …')
    : new Problem('unauthenticated', reason, { context: { error: 'invalid_token' } });

export const insufficientScope = (scope: string): Problem =>
  new Problem('insufficient-scope', `This operation needs the scope ${scope}`, {
    context: { error: 'insufficient_scope', scope },
  });

/** The value of `WWW-Authenticate` for a refusal, `undefined` for any other problem. */
export function bearerChallenge({ slug, detail, context }: Problem): string | undefined {
  if (slug !== 'unauthenticated' && slug !== 'insufficient-scope') return undefined;
  const parts = { realm: 'concord', ...context, error_description: context?.error && detail };
  return `Bearer ${Object.entries(parts)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}="${quotable(value ?? '')}"`)
    .join(', ')}`;
}

/** RFC 6750 allows printable ASCII without quote and backslash. */
const quotable = (value: string): string => value.replace(/[^\x20-\x7e]|["\\]/g, '');
