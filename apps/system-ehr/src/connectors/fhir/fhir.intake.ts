/** The way of an encounter from the EHR into our events: its state, the answer that told of it and the event in one transaction. */
import type { Encounter } from '@medplum/fhirtypes';
import { sql } from 'kysely';
import { Problem } from '@concord/canonical';
import { GroupCommit, sendAlong, type Database } from '@concord/database';
import type { EventLog, NewEvent, RawMessage, Vault } from '@concord/events';
import { currentContext, newCorrelationId } from '@concord/observability';
import type { EncounterReceipt } from '../../inbound.dto.js';
import { readEncounters, saveEncounters } from '../encounter-rows.js';
import type { EncounterContent } from '../record.js';
import { eventOf, revise, type Revision } from '../revision.js';
import { SCHEMA } from './fhir.tables.js';

interface Parts {
  readonly database: Database;
  readonly vault: Vault;
  readonly events: EventLog;
  readonly clock: () => Date;
}

export interface Known {
  readonly encounter: Encounter & { readonly id: string };
  readonly content: EncounterContent;
  readonly text: string;
}

/** An encounter as the EHR has it now; without content, it has it no more. */
type Taking = Known | { readonly encounter: { readonly id: string }; readonly content?: undefined };

const GROUP = 64;
const WAITING = 2000;

/** Encounters that come while the last ones commit share the next transaction. */
export class FhirIntake {
  private readonly commits: GroupCommit<Taking, EncounterReceipt>;

  constructor(private readonly parts: Parts) {
    const refuse = () =>
      new Problem('upstream-unavailable', 'Too many encounters wait to be taken in', { retryAfter: 1 });
    this.commits = new GroupCommit((group) => this.commit(group), { group: GROUP, waiting: WAITING, refuse });
  }

  /** An encounter that is older than what was taken in already changes nothing. */
  take(known: Known): Promise<EncounterReceipt> {
    return this.commits.add(known);
  }

  /** The EHR has it no more. */
  gone(id: string): Promise<EncounterReceipt> {
    return this.commits.add({ encounter: { id } });
  }

  private async commit(group: readonly Taking[]): Promise<EncounterReceipt[]> {
    const { database, vault, events, clock } = this.parts;
    const receipts = await database.transaction().execute(async (tx) => {
      // One writer of this record at a time, whatever the number of processes.
      await sql`select pg_advisory_xact_lock(hashtext(${SCHEMA}))`.execute(tx);
      const ids = [...new Set(group.map(({ encounter }) => encounter.id))];
      const states = await readEncounters(tx, SCHEMA, ids);
      const seen = await readSeen(tx, ids);
      const revised = new Map<string, Revision>();
      const said: NewEvent[] = [];
      const raws = new Map<string, RawMessage>();
      const done = group.map((taking): EncounterReceipt => {
        const { id } = taking.encounter;
        const unchanged = { encounterId: id, status: 'unchanged' } as const;
        const lastUpdated = taking.content && (taking.encounter.meta?.lastUpdated ?? '');
        if (isOlder(lastUpdated, seen.get(id))) return unchanged;
        if (lastUpdated !== undefined) seen.set(id, lastUpdated);
        const revision = revise(states.get(id), taking.content, (text) => vault.digest(text));
        if (!revision) return unchanged;
        states.set(id, revision);
        revised.set(id, revision);
        const raw = taking.content && rawOf(vault, taking.text);
        if (raw) raws.set(raw.id, raw);
        const correlationId = currentContext()?.correlationId ?? newCorrelationId();
        const event = eventOf(revision, { correlationId, rawMessageId: raw?.id, time: clock() });
        if (event) said.push(event);
        return { encounterId: id, status: 'accepted' };
      });
      await sendAlong(tx, ...saveEncounters(SCHEMA, [...revised.values()], clock()));
      await saveSeen(tx, seen);
      // Last, because the log makes all writers take turns from here to the commit.
      if (revised.size > 0) await events.appendLast(tx, said, [...raws.values()]);
      return done;
    });
    if (receipts.some(({ status }) => status === 'accepted')) events.announce();
    return receipts;
  }
}

const rawOf = (vault: Vault, text: string): RawMessage => ({
  id: `fhir:${vault.digest(text)}`,
  source: 'fhir',
  contentType: 'application/fhir+json',
  body: text,
});

/** Answers of the EHR may overtake each other. */
const isOlder = (now: string | undefined, before: string | undefined): boolean =>
  now !== undefined && before !== undefined && Date.parse(now) < Date.parse(before);

async function readSeen(tx: Database, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; last: string }>`
    select encounter_id as id, last_updated as last from fhir_ehr.seen where encounter_id = any(${ids})`.execute(tx);
  return new Map(rows.map(({ id, last }) => [id, last]));
}

async function saveSeen(tx: Database, seen: ReadonlyMap<string, string>): Promise<void> {
  if (seen.size === 0) return;
  await sql`
    insert into fhir_ehr.seen (encounter_id, last_updated)
    select * from unnest(${[...seen.keys()]}::text[], ${[...seen.values()]}::text[])
    on conflict (encounter_id) do update set last_updated = excluded.last_updated`.execute(tx);
}
