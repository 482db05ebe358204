import type { OnModuleInit } from '@nestjs/common';
import { Problem, type Encounter, type Page, type Patient, type Practitioner } from '@concord/canonical';
import { migrate } from '@concord/database';
import type { RawMessage } from '@concord/events';
import { currentContext, newCorrelationId } from '@concord/observability';
import { EhrConnector } from '../../connector.js';
import type { InboundReceipt } from '../../inbound.dto.js';
import type { EncounterQuery } from '../../queries.js';
import { EncounterStore } from '../encounter.store.js';
import { FactsIntake, type FactsParts } from './facts.intake.js';
import type { MessageNote } from './message-notes.js';
import { patientOfSheet, practitionerOfSheet } from './person.facts.js';
import type { Kind, Statement } from './statement.js';
import { factMigrations } from './tables.js';
import { readThings, type Thing } from './thing.store.js';

/**
 * A health record that is built from what a source said, statement by statement, in tables of its own. The source cannot be
 * asked: all reading is of what it said so far.
 */
export abstract class FactsConnector extends EhrConnector implements OnModuleInit {
  private readonly intake: FactsIntake;
  private readonly encounters: EncounterStore;

  constructor(protected readonly parts: FactsParts) {
    super();
    this.intake = new FactsIntake(parts);
    this.encounters = new EncounterStore(parts.database, parts.schema);
  }

  async onModuleInit(): Promise<void> {
    await migrate(this.parts.database, this.parts.schema, factMigrations(this.parts.schema));
  }

  async readEncounter(id: string): Promise<Encounter> {
    return (await this.encounters.read(id)) ?? missing('encounter');
  }

  listEncounters(query: EncounterQuery): Promise<Page<Encounter>> {
    return this.encounters.list(query);
  }

  async readPatient(id: string): Promise<Patient> {
    const thing = (await this.surviving(id)) ?? missing('patient');
    return patientOfSheet(thing.id, thing.sheet);
  }

  async readPractitioner(id: string): Promise<Practitioner> {
    const { sheet } = (await this.thing('practitioner', id)) ?? missing('practitioner');
    return practitionerOfSheet(id, sheet);
  }

  /** Takes a message in; resolves once it, what it changed, and its events are durable. */
  protected take(
    note: MessageNote,
    statements: readonly Statement[],
    raw: RawMessage | undefined,
  ): Promise<InboundReceipt> {
    const correlationId = currentContext()?.correlationId ?? newCorrelationId();
    return this.intake.add({ note, statements, raw, correlationId });
  }

  /** A person, or the one that it was merged into, however often that happened. */
  private async surviving(id: string): Promise<Thing | undefined> {
    let thing = await this.thing('patient', id);
    for (let merges = 0; thing && merges < MOST_MERGES; merges += 1) {
      const survivor = thing.sheet.value<string>('mergedInto');
      if (survivor === undefined) return thing;
      thing = (await this.thing('patient', survivor)) ?? thing;
      if (thing.id !== survivor) return thing;
    }
    return thing;
  }

  private async thing(kind: Kind, id: string): Promise<Thing | undefined> {
    const { database, schema, vault } = this.parts;
    return (await readThings(database, schema, vault, [{ kind, id }])).get(`${kind}/${id}`);
  }
}

/** A chain of merges is longer than this only where numbers were merged in a circle. */
const MOST_MERGES = 16;

function missing(what: string): never {
  throw new Problem('not-found', `There is no such ${what}`);
}
