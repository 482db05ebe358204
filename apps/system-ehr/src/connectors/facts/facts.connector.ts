import type { OnModuleInit } from '@nestjs/common';
import { DEFAULT_PAGE_SIZE, Problem, toPage, type Encounter, type Page } from '@concord/canonical';
import { migrate } from '@concord/database';
import type { RawMessage } from '@concord/events';
import { currentContext, newCorrelationId } from '@concord/observability';
import { EhrConnector } from '../../connector.js';
import type { InboundMessage, InboundMessageQuery } from '../../hl7v2.messages.dto.js';
import type { InboundReceipt } from '../../inbound.dto.js';
import type { EncounterQuery } from '../../queries.js';
import type { EhrKind, EhrQuery, EhrResource } from '../../resources.js';
import { EncounterStore } from '../encounter.store.js';
import { FactsIntake, type FactsParts } from './facts.intake.js';
import { listInboundMessages } from './inbound-messages.js';
import { contentOf, KINDS_TOLD } from './kinds.js';
import type { MessageNote } from './message-notes.js';
import type { Kind, Statement } from './statement.js';
import { factMigrations } from './tables.js';
import type { Thing } from './thing.js';
import { listThings, positionOf, readThings } from './thing.store.js';

/**
 * A health record that is built from what a source said, statement by statement, in tables of its own. The source cannot be
 * asked: all reading is of what it said so far.
 */
export abstract class FactsConnector extends EhrConnector implements OnModuleInit {
  readonly kinds: ReadonlySet<EhrKind> = KINDS_TOLD;
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

  override listInboundMessages(query: InboundMessageQuery): Promise<Page<InboundMessage>> {
    return listInboundMessages(this.parts.database, this.parts.schema, query);
  }

  async readEncounter(id: string): Promise<Encounter> {
    return (await this.encounters.read(id)) ?? missing('encounter');
  }

  listEncounters(query: EncounterQuery): Promise<Page<Encounter>> {
    return this.encounters.list(query);
  }

  async read<K extends EhrKind>(kind: K, id: string): Promise<EhrResource<K>> {
    this.refuseUntold(kind);
    const thing = kind === 'patient' ? await this.surviving(id) : await this.thing(kind, id);
    return resourceOf<K>(thing ?? missing(kind));
  }

  async list<K extends EhrKind>(kind: K, query: EhrQuery<K>): Promise<Page<EhrResource<K>>> {
    this.refuseUntold(kind);
    const { database, schema, vault } = this.parts;
    const things = await listThings(database, schema, vault, kind, query);
    return toPage(things, query.page_size ?? DEFAULT_PAGE_SIZE, positionOf, resourceOf<K>);
  }

  private refuseUntold(kind: EhrKind): void {
    if (!this.kinds.has(kind)) throw new Problem('not-supported', `This health record is not told of any ${kind}`);
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

const resourceOf = <K extends EhrKind>(thing: Thing): EhrResource<K> =>
  ({
    ...contentOf(thing),
    revision: String(thing.revision),
    changedAt: thing.changedAt.toISOString(),
  }) as EhrResource<K>;

/** A chain of merges is longer than this only where numbers were merged in a circle. */
const MOST_MERGES = 16;

function missing(what: string): never {
  throw new Problem('not-found', `There is no such ${what}`);
}
