/**
 * What the issuer looks up: its clients, which the host gave it, and the client assertions that were used already
 * (RFC 7523, 3, `jti`). Access tokens are signed and carry everything themselves; there are no sessions.
 */
import { LRUCache } from 'lru-cache';
import type { Adapter, AdapterFactory, AdapterPayload, ClientMetadata } from 'oidc-provider';

/** An assertion is only remembered after its signature was verified, so strangers cannot push others out. */
const REMEMBERED_ASSERTIONS = 100_000;

export function issuerAdapter(clients: readonly ClientMetadata[]): AdapterFactory {
  const known = new Map<string, AdapterPayload>(clients.map((client) => [client.client_id, client]));
  const used = new LRUCache<string, AdapterPayload>({ max: REMEMBERED_ASSERTIONS });
  const memory = {
    Client: { ...nothing, find: (id: string) => Promise.resolve(known.get(id)) },
    ReplayDetection: {
      ...nothing,
      find: (id: string) => Promise.resolve(used.get(id)),
      upsert: (id: string, payload: AdapterPayload, seconds = 1) => {
        used.set(id, payload, { ttl: seconds * 1000 });
        return none();
      },
    },
  } satisfies Record<string, Adapter>;
  return (model) => (model in memory ? memory[model as keyof typeof memory] : nothing);
}

const none = (): Promise<undefined> => Promise.resolve(undefined);

/** For all that machine clients never have: sessions, codes, grants. */
const nothing: Adapter = {
  upsert: none,
  find: none,
  findByUserCode: none,
  findByUid: none,
  consume: none,
  destroy: none,
  revokeByGrantId: none,
};
