import type { Database } from '@concord/database';
import type { Vault } from '@concord/events';
import { sql } from 'kysely';
import type { Change } from '../record.js';
import { Chart } from './chart.js';
import { entryOfRow, type ResourceRow } from './entry.js';
import type { EhrTables } from './tables.js';
import { removeEntries, saveEncounters, saveEntries } from './writes.js';

type Mention = EhrTables['sandbox_ehr.mention'];

const COLUMNS = ['key', 'encounter_id', 'parent', 'changed_at', 'digest', 'body'] as const;

/** Any number that no other advisory lock of ours uses. */
const RECORD_LOCK = 7_262_671;

/** Loads and saves what a group of messages touches, inside the transaction of the group. */
export class ChartStore {
  constructor(private readonly vault: Vault) {}

  /** Loads what the changes may touch, and keeps every other process from changing it until the transaction ends. */
  async load(tx: Database, changes: readonly Change[]): Promise<Chart> {
    await sql`select pg_advisory_xact_lock(${sql.lit(RECORD_LOCK)})`.execute(tx);
    const near = await this.near(tx, changes);
    const ids = distinct([...changes.map(({ encounterId }) => encounterId), ...near.map((row) => row.encounter_id)]);
    const parts = await this.partsOf(tx, ids);
    const mentions = await this.mentionsBy(tx, [...parts, ...near]);
    const mentioned = await this.byKey(tx, distinct(mentions.map(({ target }) => target)));
    const chart = new Chart();
    const rows = new Map([...parts, ...near, ...mentioned].map((row) => [row.key, row]));
    for (const row of rows.values()) chart.add(entryOfRow(this.vault, row, targetsOf(row, mentions)));
    for (const { id, body, digest } of await this.encounters(tx, ids))
      chart.states.set(id, { encounter: body, digest });
    return chart;
  }

  async save(tx: Database, chart: Chart, now: Date): Promise<void> {
    const changed = [...chart.changed];
    await saveEntries(
      tx,
      changed.flatMap(([, entry]) => entry ?? []),
    );
    await removeEntries(
      tx,
      changed.flatMap(([key, entry]) => (entry ? [] : [key])),
    );
    await saveEncounters(tx, [...chart.revised.values()], now);
  }

  /** The resources that are changed or mentioned, those that mention them, and those that wait for one of them. */
  private near(tx: Database, changes: readonly Change[]): Promise<ResourceRow[]> {
    const touched = distinct(changes.map(({ key }) => key));
    const keys = distinct([...touched, ...changes.flatMap(({ parent, mentions }) => [parent, ...mentions])]);
    return this.resources(tx)
      .where(
        sql<boolean>`key = any(${keys} || array(select source from sandbox_ehr.mention where target = any(${touched})))
          or encounter_id is null and parent = any(${touched})`,
      )
      .orderBy('arrival')
      .execute();
  }

  private async partsOf(tx: Database, encounterIds: readonly string[]): Promise<ResourceRow[]> {
    return this.resources(tx)
      .where(sql<boolean>`encounter_id = any(${encounterIds})`)
      .orderBy('arrival')
      .execute();
  }

  /** What belongs to an encounter, or may come to, can mention something; persons and products do not. */
  private async mentionsBy(tx: Database, rows: readonly ResourceRow[]): Promise<Mention[]> {
    const sources = rows.filter((row) => row.encounter_id !== null || row.parent !== null).map(({ key }) => key);
    if (sources.length === 0) return [];
    const mentions = tx.$extendTables<EhrTables>().selectFrom('sandbox_ehr.mention').selectAll();
    return mentions.where(sql<boolean>`source = any(${distinct(sources)})`).execute();
  }

  private async byKey(tx: Database, keys: readonly string[]): Promise<ResourceRow[]> {
    return keys.length
      ? this.resources(tx)
          .where(sql<boolean>`key = any(${keys})`)
          .execute()
      : [];
  }

  private encounters(tx: Database, ids: readonly string[]) {
    const encounters = tx.$extendTables<EhrTables>().selectFrom('sandbox_ehr.encounter');
    return encounters
      .select(['id', 'body', 'digest'])
      .where(sql<boolean>`id = any(${ids})`)
      .execute();
  }

  private resources(tx: Database) {
    return tx.$extendTables<EhrTables>().selectFrom('sandbox_ehr.resource').select(COLUMNS);
  }
}

const targetsOf = ({ key }: ResourceRow, mentions: readonly Mention[]): string[] =>
  mentions.filter(({ source }) => source === key).map(({ target }) => target);

const distinct = <T>(values: readonly (T | null | undefined)[]): T[] => [
  ...new Set(values.filter((value): value is T => value !== null && value !== undefined)),
];
