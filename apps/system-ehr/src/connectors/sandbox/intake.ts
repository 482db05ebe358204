import type { Clock } from '@concord/api';
import { Problem } from '@concord/canonical';
import { GroupCommit, type Database } from '@concord/database';
import type { EventLog, NewEvent, RawMessage, Vault } from '@concord/events';
import type { EncounterReceipt, InboundReceipt } from '../../inbound.dto.js';
import { encounterOf } from '../encounter.mapping.js';
import type { Change } from '../record.js';
import type { Chart } from './chart.js';
import { loadChart, saveChart } from './chart.store.js';
import { entryOfChange, type Entry } from './entry.js';
import { eventOf, revise, type Revision } from '../revision.js';

/** A message on its way into the record. */
export interface Intake {
  readonly raw: RawMessage;
  readonly changes: readonly Change[];
  readonly correlationId: string;
}

/** An intake with each change as the resource that it makes. */
type Prepared = Intake & { readonly entries: readonly (Entry | undefined)[] };

const GROUP = 64;
const WAITING = 2000;

/**
 * The way into the record. All messages that arrive while the last group commits share the next transaction: the message,
 * the record and the events become durable together, or none of them. Messages of one group are taken in their order,
 * so that two of one encounter find each other's work.
 */
export class IntakeQueue {
  private readonly commits: GroupCommit<Prepared, InboundReceipt>;

  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    private readonly events: EventLog,
    private readonly clock: Clock,
  ) {
    const refuse = () =>
      new Problem('upstream-unavailable', 'Too many messages wait to be taken in', { retryAfter: 1 });
    this.commits = new GroupCommit((group) => this.commit(group), { group: GROUP, waiting: WAITING, refuse });
  }

  /** Resolves once the message, what it changed, and its events are durable. */
  add(intake: Intake): Promise<InboundReceipt> {
    // Before the message waits for its turn, so that the transaction is short.
    const entries = intake.changes.map((change) => entryOfChange(this.vault, change));
    return this.commits.add({ ...intake, entries });
  }

  private async commit(group: readonly Prepared[]): Promise<InboundReceipt[]> {
    const changes = group.flatMap((intake) => intake.changes);
    const raws = group.map(({ raw }) => raw);
    const taken = await this.database.transaction().execute(async (tx) => {
      const chart = await loadChart(tx, this.vault, changes);
      const outcomes = group.map((intake) => this.take(intake, chart));
      await saveChart(tx, chart, this.clock());
      // Last, because the log makes all writers take turns from here to the commit.
      const events = outcomes.flatMap((outcome) => outcome.events);
      await this.events.appendLast(tx, events, raws);
      return outcomes;
    });
    this.events.announce();
    return taken.map(({ receipt }) => receipt);
  }

  private take(intake: Prepared, chart: Chart): { receipt: InboundReceipt; events: NewEvent[] } {
    const told = new Set<string>();
    const touched = new Set<string>();
    let duplicates = 0;
    intake.changes.forEach((change, i) => {
      const { isNew, encounterIds } = chart.take(change, intake.entries[i]);
      if (!isNew) duplicates += 1;
      for (const id of encounterIds) (isNew ? touched : told).add(id);
    });
    const events: NewEvent[] = [];
    const said = { correlationId: intake.correlationId, rawMessageId: intake.raw.id, time: this.clock() };
    const encounters = [...new Set([...touched, ...told])].map((encounterId): EncounterReceipt => {
      const revision = touched.has(encounterId) ? this.revise(encounterId, chart) : undefined;
      const event = revision && eventOf(revision, said);
      if (event) events.push(event);
      const status = revision ? 'accepted' : chart.states.has(encounterId) ? 'unchanged' : 'waiting';
      return { encounterId, status };
    });
    const receipt = { messageId: intake.raw.id, encounters, resources: intake.changes.length, duplicates };
    return { receipt, events };
  }

  private revise(id: string, chart: Chart): Revision | undefined {
    const digestOf = (text: string) => this.vault.digest(text);
    const revision = revise(chart.states.get(id), encounterOf(chart.recordOf(id)), digestOf);
    if (revision) chart.revise(id, revision);
    return revision;
  }
}
