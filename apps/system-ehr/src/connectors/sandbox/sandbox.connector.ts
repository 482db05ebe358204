import type { OnModuleInit } from '@nestjs/common';
import type * as Fhir from '@medplum/fhirtypes';
import type { Clock } from '@concord/api';
import { Problem, type Encounter, type Page, type Patient, type Practitioner } from '@concord/canonical';
import { migrate, type Database } from '@concord/database';
import type { EventLog, RawMessage, Vault } from '@concord/events';
import type { Hl7Message } from '@concord/hl7v2';
import { currentContext, newCorrelationId } from '@concord/observability';
import type { FaultInjection } from '@concord/resilience';
import { EhrConnector } from '../../connector.js';
import type { InboundReceipt } from '../../inbound.dto.js';
import type { EncounterQuery } from '../../queries.js';
import { EncounterStore } from '../encounter.store.js';
import { changesOf } from '../fhir/fhir.changes.js';
import { patientFromFhir, practitionerFromFhir } from '../fhir/person.mapping.js';
import { messageName } from '../hl7v2/message-name.js';
import { visitChanges } from '../hl7v2/visit-message.js';
import type { Change } from '../record.js';
import { IntakeQueue } from './intake.js';
import { migrations } from './migrations.js';
import { readResource } from './read-resource.js';
import { seed } from './seed.js';
import { SCHEMA } from './tables.js';

/** What the sandbox stands on; made by the host. */
export interface SandboxParts {
  readonly database: Database;
  readonly vault: Vault;
  readonly events: EventLog;
  readonly clock: Clock;
  readonly faults: FaultInjection;
}

/** A health record inside our own Postgres: it knows what it was sent, sealed, and fails on demand. */
export class SandboxConnector extends EhrConnector implements OnModuleInit {
  private readonly intake: IntakeQueue;
  private readonly encounters: EncounterStore;

  constructor(private readonly parts: SandboxParts) {
    super();
    const { database, vault, events, clock } = parts;
    this.intake = new IntakeQueue(database, vault, events, clock);
    this.encounters = new EncounterStore(database, SCHEMA);
  }

  async onModuleInit(): Promise<void> {
    await migrate(this.parts.database, 'sandbox-ehr', migrations);
    await seed(this.parts.database, this.parts.vault);
  }

  receiveFhir(json: unknown): Promise<InboundReceipt> {
    return this.parts.faults.around('receiveFhir', async () => {
      const changes = changesOf(json);
      const body = JSON.stringify(json);
      const id = `fhir:${this.parts.vault.digest(body)}`;
      return this.take({ id, source: 'fhir', contentType: 'application/fhir+json', body }, changes);
    });
  }

  receiveHl7v2(message: Hl7Message): Promise<InboundReceipt> {
    return this.parts.faults.around('receiveHl7v2', async () => {
      const name = this.parts.vault.digest(messageName(message));
      const changes = visitChanges(message, name, this.parts.clock().toISOString());
      const body = message.toString();
      const contentType = 'application/hl7-v2; charset=utf-8';
      return this.take({ id: `hl7v2:${name}`, source: 'hl7v2', contentType, body }, changes);
    });
  }

  readEncounter(id: string): Promise<Encounter> {
    return this.parts.faults.around(
      'readEncounter',
      async () => (await this.encounters.read(id)) ?? missing('encounter'),
    );
  }

  listEncounters(query: EncounterQuery): Promise<Page<Encounter>> {
    return this.parts.faults.around('listEncounters', () => this.encounters.list(query));
  }

  readPatient(id: string): Promise<Patient> {
    return this.parts.faults.around('readPatient', async () =>
      patientFromFhir(id, (await this.resource<Fhir.Patient>(`Patient/${id}`)) ?? missing('patient')),
    );
  }

  readPractitioner(id: string): Promise<Practitioner> {
    return this.parts.faults.around('readPractitioner', async () =>
      practitionerFromFhir(
        id,
        (await this.resource<Fhir.Practitioner>(`Practitioner/${id}`)) ?? missing('practitioner'),
      ),
    );
  }

  private take(raw: RawMessage, changes: readonly Change[]): Promise<InboundReceipt> {
    const correlationId = currentContext()?.correlationId ?? newCorrelationId();
    return this.intake.add({ raw, changes, correlationId });
  }

  private resource<T extends object>(key: string): Promise<T | undefined> {
    return readResource<T>(this.parts.database, this.parts.vault, key);
  }
}

function missing(what: 'encounter' | 'patient' | 'practitioner'): never {
  throw new Problem('not-found', `There is no such ${what}`);
}
