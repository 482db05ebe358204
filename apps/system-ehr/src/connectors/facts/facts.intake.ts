import type { Clock } from '@concord/api';
import { Problem } from '@concord/canonical';
import { GroupCommit, sendAlong, type Database } from '@concord/database';
import type { EventLog, NewEvent, RawMessage, Vault } from '@concord/events';
import { sql } from 'kysely';
import type { EncounterReceipt, InboundReceipt } from '../../inbound.dto.js';
import { readEncounters, saveEncounters } from '../encounter-rows.js';
import { eventOf, revise, type EncounterState } from '../revision.js';
import { encounterOfSheet } from './encounter.facts.js';
import { facetsOf, startOf } from './facets.js';
import { knownMessages, saveNotes, type MessageNote } from './message-notes.js';
import { Sheet } from './sheet.js';
import { keyOf, type Statement } from './statement.js';
import type { Thing } from './thing.js';
import { readThings, saveThings, type IndexedThing } from './thing.store.js';

/** A message on its way into the record: as it came, and what it says. */
export interface Telling {
  /** Absent for a line of a file, which is kept as a whole. */
  readonly raw?: RawMessage;
  readonly note: MessageNote;
  readonly statements: readonly Statement[];
  readonly correlationId: string;
}

export interface FactsParts {
  readonly database: Database;
  readonly vault: Vault;
  readonly events: EventLog;
  readonly clock: Clock;
  readonly schema: string;
}

const GROUP = 200;
const WAITING = 5000;
const MOST_MENTIONED = 20_000;
/** So that more connections join a transaction when many send at once; a lone message never waits. */
const PACE_MS = 10;

/**
 * The way of statements into the record. All messages that arrive while the last group commits share the next transaction:
 * the message, what is known, the encounters and the events become durable together, or none of them. A message that came
 * before, whichever way, changes nothing.
 */
export class FactsIntake {
  private readonly commits: GroupCommit<Telling, InboundReceipt>;
  /** What was mentioned in passing and is durable: said so again, it could change nothing, and is not looked up. */
  private readonly mentioned = new Set<string>();

  constructor(private readonly parts: FactsParts) {
    const refuse = () =>
      new Problem('upstream-unavailable', 'Too many messages wait to be taken in', { retryAfter: 1 });
    const limits = { group: GROUP, waiting: WAITING, paceMs: PACE_MS, refuse };
    this.commits = new GroupCommit((group) => this.commit(group), limits);
  }

  /** Resolves once the message, what it changed, and its events are durable. */
  async add(telling: Telling): Promise<InboundReceipt> {
    const mentions = new Set<string>();
    const statements = telling.statements.filter((statement) => {
      if (statement.saidAt !== '') return true;
      const mention = `${keyOf(statement)} ${JSON.stringify(statement.facts)}`;
      mentions.add(mention);
      return !this.mentioned.has(mention);
    });
    const receipt = await this.commits.add({ ...telling, statements });
    if (this.mentioned.size + mentions.size > MOST_MENTIONED) this.mentioned.clear();
    for (const mention of mentions) this.mentioned.add(mention);
    return receipt;
  }

  private async commit(group: readonly Telling[]): Promise<InboundReceipt[]> {
    const { database, events, schema, vault, clock } = this.parts;
    const receipts = await database.transaction().execute(async (tx) => {
      // One writer of this record at a time, whatever the number of processes.
      await sql`select pg_advisory_xact_lock(hashtext(${schema}))`.execute(tx);
      const about = group.flatMap(({ statements }) => statements);
      const work = new Work(
        await knownMessages(
          tx,
          schema,
          group.map(({ note }) => note.id),
        ),
        await readThings(tx, schema, vault, about),
        await readEncounters(
          tx,
          schema,
          about.filter(({ kind }) => kind === 'encounter').map(({ id }) => id),
        ),
        { now: clock(), digestOf: (text) => vault.digest(text) },
      );
      const taken = group.map((telling) => work.take(telling));
      await saveThings(tx, schema, vault, [...work.changed.values()]);
      await sendAlong(tx, ...saveEncounters(schema, [...work.revised.values()], clock()));
      await saveNotes(tx, schema, [...work.notes.values()]);
      // Last, because the log makes all writers take turns from here to the commit.
      await events.appendLast(tx, work.events, work.raws);
      return taken;
    });
    this.parts.events.announce();
    return receipts;
  }
}

/** What a group of messages makes of the part of the record that it touches. */
class Work {
  readonly changed = new Map<string, IndexedThing>();
  readonly revised = new Map<string, EncounterState>();
  readonly notes = new Map<string, MessageNote>();
  readonly events: NewEvent[] = [];
  readonly raws: RawMessage[] = [];

  constructor(
    private readonly known: ReadonlySet<string>,
    private readonly things: Map<string, Thing>,
    private readonly states: Map<string, EncounterState>,
    private readonly at: { readonly now: Date; readonly digestOf: (text: string) => string },
  ) {}

  take({ raw, note, statements, correlationId }: Telling): InboundReceipt {
    const isNew = !this.known.has(note.id) && this.notes.get(note.id)?.outcome !== note.outcome;
    const touched = new Map<string, boolean>();
    for (const statement of statements) {
      const isChange = isNew && this.state(statement);
      if (statement.kind === 'encounter') touched.set(statement.id, isChange || touched.get(statement.id) === true);
    }
    if (isNew) {
      this.notes.set(note.id, note);
      if (raw) this.raws.push(raw);
    }
    const encounters = [...touched].map(([encounterId, isChanged]): EncounterReceipt => {
      const isRevised = isChanged && this.revise(encounterId, correlationId, raw?.id);
      return { encounterId, status: isRevised ? 'accepted' : 'unchanged' };
    });
    const duplicates = isNew ? 0 : statements.length;
    return { messageId: note.id, encounters, resources: statements.length, duplicates };
  }

  /** Whether the statement changed what is known. */
  private state(statement: Statement): boolean {
    const key = keyOf(statement);
    const { kind, id } = statement;
    const thing = this.things.get(key) ?? { kind, id, sheet: new Sheet(), revision: 0, changedAt: this.at.now };
    const outcome = thing.sheet.take(statement);
    if (outcome === 'nothing') return false;
    const isChange = outcome === 'changed';
    const next = isChange ? { ...thing, revision: thing.revision + 1, changedAt: this.at.now } : thing;
    this.things.set(key, next);
    this.changed.set(key, { ...next, facets: facetsOf(next), startsAt: startOf(next) });
    return isChange;
  }

  private revise(id: string, correlationId: string, rawMessageId: string | undefined): boolean {
    const thing = this.things.get(`encounter/${id}`);
    const before = this.states.get(id);
    const revision = revise(before, thing && encounterOfSheet(id, thing.sheet), this.at.digestOf);
    if (!revision) return false;
    this.states.set(id, revision);
    this.revised.set(id, revision);
    const event = eventOf(revision, { correlationId, rawMessageId, time: this.at.now });
    if (event) this.events.push(event);
    return true;
  }
}
