/** What is stored of the part of the record that a group of messages touches. */
import type { Database } from '@concord/database';
import { sql } from 'kysely';
import type { Change } from '../record.js';
import type { ResourceRow } from './entry.js';
import type { EhrTables } from './tables.js';

type Mention = EhrTables['sandbox_ehr.mention'];

const COLUMNS = ['key', 'encounter_id', 'parent', 'changed_at', 'digest', 'body'] as const;

const resources = (tx: Database) =>
  tx.$extendTables<EhrTables>().selectFrom('sandbox_ehr.resource').select(COLUMNS).orderBy('arrival');

/** The resources that are changed or mentioned, those that mention them, and those that wait for one of them. */
export function selectNear(tx: Database, changes: readonly Change[]) {
  const touched = distinct(changes.map(({ key }) => key));
  const keys = distinct([...touched, ...changes.flatMap(({ parent, mentions }) => [parent, ...mentions])]);
  const sources = sql`array(select source from sandbox_ehr.mention where target = any(${touched}))`;
  const isNear = sql<boolean>`key = any(${keys} || ${sources}) or encounter_id is null and parent = any(${touched})`;
  return resources(tx).where(isNear);
}

/** What belongs to encounters. */
export const selectParts = (tx: Database, encounterIds: readonly string[]) =>
  resources(tx).where(sql<boolean>`encounter_id = any(${encounterIds})`);

/** What is mentioned by resources of an encounter, or by some that may come to one; persons and products mention none. */
export async function readMentions(tx: Database, rows: readonly ResourceRow[]): Promise<Mention[]> {
  const sources = rows.filter((row) => row.encounter_id !== null || row.parent !== null).map(({ key }) => key);
  if (sources.length === 0) return [];
  const mentions = tx.$extendTables<EhrTables>().selectFrom('sandbox_ehr.mention').selectAll();
  return mentions.where(sql<boolean>`source = any(${distinct(sources)})`).execute();
}

export async function readMentioned(tx: Database, mentions: readonly Mention[]): Promise<ResourceRow[]> {
  if (mentions.length === 0) return [];
  const targets = distinct(mentions.map(({ target }) => target));
  return resources(tx)
    .where(sql<boolean>`key = any(${targets})`)
    .execute();
}

export const distinct = <T>(values: readonly (T | null | undefined)[]): T[] => [
  ...new Set(values.filter((value): value is T => value !== null && value !== undefined)),
];
