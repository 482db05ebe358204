/**
 * What the issuer has to remember between two requests: the ids of client assertions that were used (RFC 7523, 3, `jti`).
 * Access tokens are signed and carry everything themselves; there are no sessions.
 */
import { LRUCache } from 'lru-cache';
import type { Adapter, AdapterPayload } from 'oidc-provider';

/** An id is only stored after its signature was verified, so strangers cannot push others out. */
const REMEMBERED_ASSERTIONS = 100_000;

/** One memory for one issuer, as oidc-provider's adapter factory. */
export function replayMemory(): () => Adapter {
  const used = new LRUCache<string, AdapterPayload>({ max: REMEMBERED_ASSERTIONS });
  const nothing = () => Promise.resolve(undefined);
  const adapter: Adapter = {
    upsert: (id, payload, seconds = 1) => {
      used.set(id, payload, { ttl: seconds * 1000 });
      return Promise.resolve();
    },
    find: (id) => Promise.resolve(used.get(id)),
    destroy: (id) => {
      used.delete(id);
      return Promise.resolve();
    },
    findByUserCode: nothing,
    findByUid: nothing,
    consume: nothing,
    revokeByGrantId: nothing,
  };
  return () => adapter;
}
