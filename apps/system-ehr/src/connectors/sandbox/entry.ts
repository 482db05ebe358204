import type { Vault } from '@concord/events';
import type { Selectable } from 'kysely';
import type { Change } from '../record.js';
import type { EhrTables } from './tables.js';

/** One resource of the record. */
export interface Entry {
  readonly key: string;
  readonly encounterId: string | undefined;
  readonly parent: string | undefined;
  readonly mentions: readonly string[];
  /** In UTC. */
  readonly changedAt: string | undefined;
  readonly digest: string;
  /** Opens it, if it is not open yet. */
  readonly body: () => object;
  /** Seals it, if it is not sealed yet. */
  readonly sealed: () => Buffer;
}

/** What a change makes of a resource; undefined where it removes it. */
export function entryOfChange(vault: Vault, change: Change): Entry | undefined {
  const { key, body, encounterId, parent, mentions, changedAt } = change;
  if (!body) return undefined;
  const text = JSON.stringify(body);
  const digest = vault.digest(text);
  return {
    key,
    encounterId,
    parent,
    mentions,
    changedAt,
    digest,
    body: () => body,
    sealed: () => vault.seal(text, key),
  };
}

export type ResourceRow = Omit<Selectable<EhrTables['sandbox_ehr.resource']>, 'arrival'>;

export function entryOfRow(vault: Vault, row: ResourceRow, mentions: readonly string[]): Entry {
  const { key, encounter_id, parent, changed_at, digest, body } = row;
  let opened: object | undefined;
  return {
    key,
    encounterId: encounter_id ?? undefined,
    parent: parent ?? undefined,
    mentions,
    changedAt: changed_at?.toISOString(),
    digest,
    body: () => (opened ??= JSON.parse(vault.open(body, key).toString('utf8')) as object),
    sealed: () => body,
  };
}
