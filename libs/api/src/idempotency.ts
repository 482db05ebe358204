import { Problem } from '@concord/canonical';
import { pathOf } from './audit-line.js';
import type { Call } from './call.js';
import { fingerprintOf, type Receipts } from './receipts.js';

const KEY = /^[\x21-\x7e]{1,200}$/;

/**
 * An effect has its effect once for its key: the same request again gets the first answer, and the header
 * `Idempotent-Replayed`. A key belongs to its caller, its operation and its address.
 * Throws `idempotency-key-missing`, `malformed` for a key of another form, `idempotency-mismatch` for another body.
 */
export async function once(
  receipts: Receipts,
  api: string,
  { endpoint, operation, request, reply }: Call,
  effect: () => Promise<unknown>,
): Promise<{ replayed: boolean; body: unknown }> {
  const key = request.headers['idempotency-key'];
  if (key === undefined && endpoint.keyOptional) return { replayed: false, body: await effect() };
  if (typeof key !== 'string') throw new Problem('idempotency-key-missing');
  if (!KEY.test(key)) throw new Problem('malformed', 'Idempotency-Key must be 1 to 200 printable characters');
  const scope = `${request.user?.clientId} ${api}.${operation} ${pathOf(request)}`;
  const status = endpoint.status ?? 200;
  const answered = async () => ({ status, body: await effect() });
  const { replayed, body } = await receipts.once(scope, key, fingerprintOf(request.body), answered);
  if (replayed) void reply.header('idempotent-replayed', 'true');
  return { replayed, body: body ?? undefined };
}
