/** The way of an encounter from the EHR into our events: its state, the answer that told of it and the event in one transaction. */
import type { Encounter } from '@medplum/fhirtypes';
import { sql } from 'kysely';
import type { Database } from '@concord/database';
import type { EventLog, RawMessage, Vault } from '@concord/events';
import { currentContext, newCorrelationId } from '@concord/observability';
import type { EncounterReceipt } from '../../inbound.dto.js';
import { readEncounters, saveEncounters } from '../encounter-rows.js';
import type { EncounterContent } from '../record.js';
import { eventOf, revise } from '../revision.js';
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

export class FhirIntake {
  constructor(private readonly parts: Parts) {}

  /** An encounter that is older than what was taken in already changes nothing. */
  async take({ encounter, content, text }: Known): Promise<EncounterReceipt> {
    const { database, vault, events, clock } = this.parts;
    const lastUpdated = encounter.meta?.lastUpdated ?? '';
    const id = encounter.id;
    const isNew = await database.transaction().execute(async (tx) => {
      await sql`select pg_advisory_xact_lock(hashtextextended(${`${SCHEMA}/${id}`}, 0))`.execute(tx);
      if (await isOlder(tx, id, lastUpdated)) return false;
      const before = (await readEncounters(tx, SCHEMA, [id])).get(id);
      const revision = revise(before, content, (digested) => vault.digest(digested));
      if (!revision) return false;
      await saveEncounters(tx, SCHEMA, [revision], clock());
      const raw: RawMessage = {
        id: `fhir:${vault.digest(text)}`,
        source: 'fhir',
        contentType: 'application/fhir+json',
        body: text,
      };
      const correlationId = currentContext()?.correlationId ?? newCorrelationId();
      const event = eventOf(revision, { correlationId, rawMessageId: raw.id, time: clock() });
      await events.appendIn(tx, event ? [event] : [], [raw]);
      return true;
    });
    if (isNew) events.announce();
    return { encounterId: id, status: isNew ? 'accepted' : 'unchanged' };
  }

  /** The EHR has it no more. */
  async gone(id: string): Promise<EncounterReceipt> {
    const { database, vault, events, clock } = this.parts;
    const isNew = await database.transaction().execute(async (tx) => {
      const before = (await readEncounters(tx, SCHEMA, [id])).get(id);
      const revision = revise(before, undefined, (digested) => vault.digest(digested));
      if (!revision) return false;
      await saveEncounters(tx, SCHEMA, [revision], clock());
      const correlationId = currentContext()?.correlationId ?? newCorrelationId();
      const event = eventOf(revision, { correlationId, time: clock() });
      await events.appendIn(tx, event ? [event] : [], []);
      return true;
    });
    if (isNew) events.announce();
    return { encounterId: id, status: isNew ? 'accepted' : 'unchanged' };
  }
}

/** Answers of the EHR may overtake each other; notes what was taken last. */
async function isOlder(tx: Database, id: string, lastUpdated: string): Promise<boolean> {
  const { rows } = await sql<{ last_updated: string }>`
    select last_updated from fhir_ehr.seen where encounter_id = ${id}`.execute(tx);
  const before = rows[0]?.last_updated;
  if (before !== undefined && Date.parse(lastUpdated) < Date.parse(before)) return true;
  if (before !== lastUpdated)
    await sql`
      insert into fhir_ehr.seen (encounter_id, last_updated) values (${id}, ${lastUpdated})
      on conflict (encounter_id) do update set last_updated = excluded.last_updated`.execute(tx);
  return false;
}
