import { createHash, timingSafeEqual } from 'node:crypto';
import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { asProblem, Problem, type Encounter, type Page } from '@concord/canonical';
import { configure, openVendor } from '@concord/api';
import { migrate } from '@concord/database';
import { encounterIdOf, lookupIn, readFhir, targetOf, type FhirInput } from '@concord/fhir';
import { log } from '@concord/observability';
import { EhrConnector } from '../../connector.js';
import type { InboundMessage, InboundMessageQuery } from '../../hl7v2.messages.dto.js';
import type { EncounterReceipt, InboundReceipt } from '../../inbound.dto.js';
import type { EncounterQuery } from '../../queries.js';
import { EHR_KINDS, type EhrKind, type EhrQuery, type EhrResource } from '../../resources.js';
import type { ConnectorParts } from '../connector-parts.js';
import { EncounterStore } from '../encounter.store.js';
import { bulkLoad } from './fhir.bulk.js';
import { FHIR_POLICY, FhirClient } from './fhir.client.js';
import { checked, FhirConfig, FhirLimits } from './fhir.config.js';
import { listFhirMessages } from './fhir-messages.js';
import { fetchGraph } from './fhir.graph.js';
import { FhirIntake } from './fhir.intake.js';
import { listFromFhir, mapAll } from './fhir.lists.js';
import { subscribe } from './fhir.subscription.js';
import { sweep } from './fhir.sweep.js';
import { migrations, noteFetched, noteToFetch, readToFetch, remember, remembered, SCHEMA } from './fhir.tables.js';
import { keyOf } from './kinds.js';
import { carried } from './reference-id.js';

const FETCHED_AT_ONCE = 4;
const FETCHED_A_ROUND = 200;
/** The clocks of two machines differ, and what is fetched twice changes nothing. */
const OVERLAP_MS = 60_000;

/**
 * A health record that can be asked: an EHR with a FHIR R4 API. It stays the owner of everything; kept here are the
 * encounters as they were announced, and how far we have looked. Whatever tells us that something changed (notification,
 * sweep, bulk) only says where to look: what is taken is what the EHR then answers.
 */
export class FhirConnector extends EhrConnector implements OnModuleInit, OnApplicationShutdown {
  readonly kinds = new Set(EHR_KINDS);
  private readonly ehr: FhirClient;
  private readonly intake: FhirIntake;
  private readonly encounters: EncounterStore;
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> | undefined;
  private again = false;

  constructor(
    private readonly parts: ConnectorParts,
    private readonly config = configure(FhirConfig),
    limits = configure(FhirLimits),
  ) {
    super();
    const { key, since } = checked(config);
    const { url, client: clientId, scope } = config;
    const { clock } = parts;
    const vendor = openVendor('ehr-fhir', 'system/ehr', limits, { ...FHIR_POLICY, clock });
    vendor.credential({ kind: 'key', since });
    this.ehr = new FhirClient({ url, clientId, key, scope, clock, vendor });
    this.intake = new FhirIntake(parts);
    this.encounters = new EncounterStore(parts.database, SCHEMA);
  }

  async onModuleInit(): Promise<void> {
    const { database, clock } = this.parts;
    await migrate(database, 'fhir-ehr', migrations);
    if ((await remembered(database, 'since')) === undefined) {
      const begin = new Date(clock().getTime() - OVERLAP_MS).toISOString();
      await remember(database, 'since', this.config.since || begin);
      if (this.config.bulk) await remember(database, 'bulk-wanted', true);
    }
    this.ehr.watch();
    void this.work(); // the EHR may be down; that keeps nobody from starting
    this.timer = setInterval(() => void this.work(), this.config.sweepSeconds * 1000);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.again = false;
    this.stopping.abort();
    await this.working;
    await this.ehr.close();
  }

  /** What was pushed only says which encounters to fetch; they are taken in before this resolves. */
  async receiveFhir(json: unknown): Promise<InboundReceipt> {
    const input = readFhir(json);
    const encounters: EncounterReceipt[] = [];
    for (const id of encountersIn(input)) encounters.push(await this.fetch(id));
    const isKnown = encounters.every(({ status }) => status === 'unchanged');
    const resources = input.resources.length;
    const messageId = `fhir:${this.parts.vault.digest(JSON.stringify(json))}`;
    return { messageId, encounters, resources, duplicates: isKnown ? resources : 0 };
  }

  receiveHl7v2(): Promise<InboundReceipt> {
    const detail = 'This health record speaks FHIR; it is not told anything in HL7 v2';
    return Promise.reject(new Problem('not-supported', detail));
  }

  /** A notification without a payload says only that something changed: the sweep asks what, from where it ended last. */
  override async notified(secret: string | undefined, notification?: unknown): Promise<void> {
    if (!isSame(secret ?? '', this.config.hookSecret)) throw new Problem('unauthenticated');
    this.ehr.vendor.heard();
    if (notification !== undefined) {
      const ids = encountersIn(readFhir(notification));
      await noteToFetch(this.parts.database, ids, this.parts.clock());
    }
    void this.work();
  }

  override listInboundMessages(query: InboundMessageQuery): Promise<Page<InboundMessage>> {
    return listFhirMessages(this.parts.database, this.parts.vault, query);
  }

  async readEncounter(id: string): Promise<Encounter> {
    return (await this.encounters.read(id)) ?? missing('encounter');
  }

  listEncounters(query: EncounterQuery): Promise<Page<Encounter>> {
    return this.encounters.list(query);
  }

  async read<K extends EhrKind>(kind: K, id: string): Promise<EhrResource<K>> {
    const [type = '', own = ''] = keyOf(kind, id)?.split('/') ?? missing(kind);
    const [one] = await mapAll(this.ehr, kind, [await this.ehr.read(type, own)]);
    return one ?? missing(kind);
  }

  list<K extends EhrKind>(kind: K, query: EhrQuery<K>): Promise<Page<EhrResource<K>>> {
    return listFromFhir(this.ehr, kind, query);
  }

  /** Looks for all that is new, now; resolves when it is taken in, or noted to be tried again. One at a time. */
  async work(): Promise<void> {
    this.again = true;
    this.working ??= this.rounds().finally(() => (this.working = undefined));
    return this.working;
  }

  private async rounds(): Promise<void> {
    while (this.again && !this.stopping.signal.aborted) {
      this.again = false;
      await this.attempt(() => this.subscribed());
      await this.attempt(() => this.fetchNoted());
      await this.attempt(() => this.loadedInBulk());
      await this.attempt(() => this.swept());
    }
  }

  /** The EHR's bad hour is not ours: it is said, and tried again at the next round. */
  private async attempt(work: () => Promise<void>): Promise<void> {
    if (this.stopping.signal.aborted) return;
    try {
      await work();
    } catch (error) {
      if (this.stopping.signal.aborted) return;
      const problem = asProblem(error);
      log.warn('ehr.fhir.postponed', { problem: problem.slug, causeClass: problem.kind.cause });
      if (problem.slug === 'internal') log.error('ehr.fhir.failed', { error });
    }
  }

  private async subscribed(): Promise<void> {
    const { hookUrl, hookSecret } = this.config;
    const { database, clock } = this.parts;
    if (hookUrl !== '') await subscribe({ database, ehr: this.ehr, hookUrl, hookSecret, clock });
  }

  private async fetchNoted(): Promise<void> {
    const { database } = this.parts;
    for (;;) {
      const noted = await readToFetch(database, FETCHED_A_ROUND);
      if (noted.length === 0 || this.stopping.signal.aborted) return;
      const queue = noted.values();
      const failures: unknown[] = [];
      const worker = async () => {
        for (const { id, toldAt } of queue) {
          try {
            await this.fetch(id);
            await noteFetched(database, id, toldAt);
          } catch (error) {
            failures.push(error);
            await noteToFetch(database, [id], this.parts.clock()); // behind the others, so that it keeps none of them back
          }
        }
      };
      await Promise.all(Array.from({ length: FETCHED_AT_ONCE }, worker));
      if (failures.length > 0) throw failures[0];
    }
  }

  private async loadedInBulk(): Promise<void> {
    const { database, vault } = this.parts;
    if (!(await remembered(database, 'bulk-wanted'))) return;
    const pause = (ms: number) =>
      new Promise<void>((resolve, reject) => {
        const stop = () => reject(new Problem('shutting-down'));
        const timer = setTimeout(() => {
          this.stopping.signal.removeEventListener('abort', stop);
          resolve();
        }, ms);
        this.stopping.signal.addEventListener('abort', () => (clearTimeout(timer), stop()), { once: true });
      });
    const { transactionTime } = await bulkLoad({ database, vault, ehr: this.ehr, intake: this.intake, pause });
    await remember(database, 'since', transactionTime);
    await remember(database, 'bulk-wanted', false);
  }

  private async swept(): Promise<void> {
    const { database, clock } = this.parts;
    if (await remembered(database, 'bulk-wanted')) return; // the export comes first, and says from when on to look
    const since = (await remembered<string>(database, 'since')) ?? clock().toISOString();
    if ((await sweep({ database, ehr: this.ehr, clock, since })) > 0) await this.fetchNoted();
  }

  private async fetch(id: string): Promise<EncounterReceipt> {
    const graph = await fetchGraph(this.ehr, id);
    return graph ? this.intake.take(graph) : this.intake.gone(id);
  }
}

/** The encounters that content is about: what it names, or what its resources belong to. */
function encountersIn(input: FhirInput): string[] {
  const told = (input.notification?.events ?? []).flatMap(({ focus }) => {
    const target = targetOf(focus);
    return target?.resourceType === 'Encounter' ? [target.id] : [];
  });
  const lookup = lookupIn(input);
  const held = input.resources.map((change) => {
    if (change.operation === 'upsert') return encounterIdOf(change.resource, lookup);
    return change.resource.resourceType === 'Encounter' ? change.resource.id : undefined;
  });
  return [...new Set([...told, ...held].flatMap((id) => carried(id) ?? []))];
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** In a time that says nothing of where they differ; nothing is the same as no secret. */
const isSame = (given: string, secret: string): boolean =>
  secret !== '' && timingSafeEqual(digest(given), digest(secret));

function missing(what: string): never {
  throw new Problem('not-found', `There is no such ${what.replaceAll('-', ' ')}`);
}
