import type { OnModuleInit } from '@nestjs/common';
import { Problem, type Encounter, type Page } from '@concord/canonical';
import { migrate } from '@concord/database';
import type { RawMessage } from '@concord/events';
import type { Hl7Message } from '@concord/hl7v2';
import { currentContext, newCorrelationId } from '@concord/observability';
import { EhrConnector } from '../../connector.js';
import type { InboundReceipt } from '../../inbound.dto.js';
import type { InboundMessage, InboundMessageQuery } from '../../hl7v2.messages.dto.js';
import type { EncounterQuery } from '../../queries.js';
import { EHR_KINDS, type EhrKind, type EhrQuery, type EhrResource } from '../../resources.js';
import { EncounterStore } from '../encounter.store.js';
import { changesOf } from '../fhir/fhir.changes.js';
import { listFhirMessages } from '../fhir/fhir-messages.js';
import { messageName } from '../hl7v2/message-name.js';
import { statementsOf } from '../hl7v2/statements.js';
import { tellingsOf } from '../hl7v2/telling.js';
import type { Change } from '../record.js';
import type { ConnectorParts } from '../connector-parts.js';
import { IntakeQueue } from './intake.js';
import { migrations } from './migrations.js';
import { ResourceStore } from './resource.store.js';
import { seed } from './seed.js';
import { SCHEMA } from './tables.js';

/** A health record inside our own Postgres: it knows what it was sent, sealed, and fails on demand. */
export class SandboxConnector extends EhrConnector implements OnModuleInit {
  readonly kinds = new Set(EHR_KINDS);
  private readonly intake: IntakeQueue;
  private readonly encounters: EncounterStore;
  private readonly resources: ResourceStore;

  constructor(private readonly parts: ConnectorParts) {
    super();
    const { database, vault, events, clock } = parts;
    this.intake = new IntakeQueue(database, vault, events, clock);
    this.encounters = new EncounterStore(database, SCHEMA);
    this.resources = new ResourceStore(database, vault);
  }

  async onModuleInit(): Promise<void> {
    await migrate(this.parts.database, 'sandbox-ehr', migrations);
    await seed(this.parts.database, this.parts.vault);
  }

  receiveFhir(json: unknown, received?: Buffer): Promise<InboundReceipt> {
    return this.parts.faults.around('receiveFhir', async () => {
      const changes = changesOf(json);
      const body = received ?? JSON.stringify(json);
      const id = `fhir:${this.parts.vault.digest(body)}`;
      return this.take({ id, source: 'fhir', contentType: 'application/fhir+json', body }, changes);
    });
  }

  receiveHl7v2(message: Hl7Message): Promise<InboundReceipt> {
    return this.parts.faults.around('receiveHl7v2', async () => {
      const { vault, clock } = this.parts;
      const name = vault.digest(messageName(message));
      const digestOf = (text: string) => vault.digest(text);
      const { statements = [] } = statementsOf(message, { receivedAt: clock(), digestOf });
      const changes = tellingsOf(statements, name);
      const body = message.toString();
      const contentType = 'application/hl7-v2; charset=utf-8';
      return this.take({ id: `hl7v2:${name}`, source: 'hl7v2', contentType, body }, changes);
    });
  }

  /** What came as FHIR; of HL7 v2 only what it says of encounters is taken here. */
  override listInboundMessages(query: InboundMessageQuery): Promise<Page<InboundMessage>> {
    return this.parts.faults.around('listInboundMessages', () =>
      listFhirMessages(this.parts.database, this.parts.vault, query),
    );
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

  read<K extends EhrKind>(kind: K, id: string): Promise<EhrResource<K>> {
    return this.parts.faults.around(
      'read',
      async () => (await this.resources.read(kind, id)) ?? missing(kind.replaceAll('-', ' ')),
    );
  }

  list<K extends EhrKind>(kind: K, query: EhrQuery<K>): Promise<Page<EhrResource<K>>> {
    return this.parts.faults.around('list', () => this.resources.list(kind, query));
  }

  private take(raw: RawMessage, changes: readonly Change[]): Promise<InboundReceipt> {
    const correlationId = currentContext()?.correlationId ?? newCorrelationId();
    return this.intake.add({ raw, changes, correlationId });
  }
}

function missing(what: string): never {
  throw new Problem('not-found', `There is no such ${what}`);
}
