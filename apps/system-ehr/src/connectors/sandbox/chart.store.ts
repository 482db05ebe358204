import { sendAlong, together, type Database } from '@concord/database';
import type { Vault } from '@concord/events';
import { sql } from 'kysely';
import { saveEncounters, selectEncounters, statesOf } from '../encounter-rows.js';
import type { Change } from '../record.js';
import { Chart } from './chart.js';
import { entryOfRow } from './entry.js';
import { KeyIndex } from './key-index.js';
import { distinct, readMentioned, readMentions, selectNear, selectParts } from './reads.js';
import { SCHEMA } from './tables.js';
import { removeEntries, saveEntries } from './writes.js';

/** Any number that no other advisory lock of ours uses. */
const RECORD_LOCK = 7_262_671;

/** Loads what changes may touch, and keeps every other process from changing it until the transaction ends. */
export async function loadChart(tx: Database, vault: Vault, changes: readonly Change[]): Promise<Chart> {
  const lock = sql`select pg_advisory_xact_lock(${sql.lit(RECORD_LOCK)})`;
  const named = distinct(changes.map(({ encounterId }) => encounterId));
  const [, near, partsOfNamed, states] = await together(
    tx,
    lock,
    selectNear(tx, changes),
    selectParts(tx, named),
    selectEncounters(SCHEMA, named),
  );
  const others = distinct(near.map((row) => row.encounter_id)).filter((id) => !named.includes(id));
  const [partsOfOthers, statesOfOthers] = others.length
    ? await together(tx, selectParts(tx, others), selectEncounters(SCHEMA, others))
    : [[], []];
  const parts = [...partsOfNamed, ...partsOfOthers];
  const mentions = await readMentions(tx, [...parts, ...near]);
  const mentioned = await readMentioned(tx, mentions);
  const targets = new KeyIndex();
  for (const { source, target } of mentions) targets.add(source, target);
  const chart = new Chart();
  const rows = new Map([...parts, ...near, ...mentioned].map((row) => [row.key, row]));
  for (const row of rows.values()) chart.add(entryOfRow(vault, row, targets.of(row.key)));
  for (const [id, state] of statesOf([...states, ...statesOfOthers])) chart.states.set(id, state);
  return chart;
}

/** Sends what changed; the commit says whether all of it is stored. */
export async function saveChart(tx: Database, chart: Chart, now: Date): Promise<void> {
  const changed = [...chart.changed];
  const present = changed.flatMap(([, entry]) => entry ?? []);
  const gone = changed.flatMap(([key, entry]) => (entry ? [] : [key]));
  const encounters = saveEncounters(SCHEMA, [...chart.revised.values()], now);
  await sendAlong(tx, ...saveEntries(present), ...removeEntries(gone), ...encounters);
}
