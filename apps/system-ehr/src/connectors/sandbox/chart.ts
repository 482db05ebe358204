import type { Change, EncounterRecord } from '../record.js';
import type { Entry } from './entry.js';
import { KeyIndex } from './key-index.js';
import type { EncounterState } from '../revision.js';

/** What a change did: to which encounters, and whether it said anything new. */
export interface Taken {
  readonly isNew: boolean;
  readonly encounterIds: readonly string[];
}

/**
 * The part of the record that a group of messages touches, in memory: what is stored of it, and then what the messages
 * make of it. `changed` is what is to be stored in turn.
 */
export class Chart {
  /** The state of each encounter, and those that changed. */
  readonly states = new Map<string, EncounterState>();
  readonly revised = new Map<string, EncounterState>();
  /** Resources that changed; undefined where one is gone. */
  readonly changed = new Map<string, Entry | undefined>();

  private readonly entries = new Map<string, Entry>();
  /** Of an encounter. */
  private readonly parts = new KeyIndex();
  /** What waits for the encounter of its parent, by parent. */
  private readonly orphans = new KeyIndex();
  /** What mentions a resource, by the resource that is mentioned. */
  private readonly sources = new KeyIndex();

  /** Puts in what is stored. */
  add(entry: Entry): void {
    this.entries.set(entry.key, entry);
    if (entry.encounterId !== undefined) this.parts.add(entry.encounterId, entry.key);
    else if (entry.parent !== undefined) this.orphans.add(entry.parent, entry.key);
    for (const target of entry.mentions) this.sources.add(target, entry.key);
  }

  /** Takes in a change; `entry` is the resource as it now is, undefined where it is gone. */
  take({ key, encounterId, mentions, parent }: Change, entry: Entry | undefined): Taken {
    const known = this.entries.get(key);
    const own = encounterId ?? (parent && this.entries.get(parent)?.encounterId) ?? known?.encounterId;
    const told = [known?.encounterId, own].filter((id) => id !== undefined);
    const isKnown = entry ? known && saysNothingNew(known, entry, own, mentions) : !known;
    if (isKnown) return { isNew: false, encounterIds: told };
    const allMentions = [...new Set([...mentions, ...(known?.mentions ?? [])])];
    this.put(known, entry && { ...entry, encounterId: own, mentions: allMentions });
    if (entry && own !== undefined) this.adopt(key, own);
    return { isNew: true, encounterIds: [...new Set([...told, ...this.encountersMentioning(key)])] };
  }

  revise(id: string, state: EncounterState): void {
    this.states.set(id, state);
    this.revised.set(id, state);
  }

  /** Everything that is known of an encounter. */
  recordOf(id: string): EncounterRecord {
    const parts = this.parts.of(id).flatMap((key) => this.entries.get(key) ?? []);
    const mentioned = new Map<string, object>();
    for (const key of parts.flatMap(({ mentions }) => mentions)) {
      const entry = this.entries.get(key);
      if (entry) mentioned.set(key, entry.body());
    }
    return { id, parts: parts.map((part) => part.body()), mentioned };
  }

  private put(known: Entry | undefined, now: Entry | undefined): void {
    if (known) this.remove(known);
    if (now) this.add(now);
    const { key } = now ?? known ?? {};
    if (key !== undefined) this.changed.set(key, now);
  }

  private remove({ key, encounterId, parent, mentions }: Entry): void {
    this.entries.delete(key);
    if (encounterId !== undefined) this.parts.delete(encounterId, key);
    if (parent !== undefined) this.orphans.delete(parent, key);
    for (const target of mentions) this.sources.delete(target, key);
  }

  /** What came before the resource that it is part of now has an encounter, too. */
  private adopt(parent: string, encounterId: string): void {
    for (const key of this.orphans.of(parent)) {
      const orphan = this.entries.get(key);
      if (orphan) this.put(orphan, { ...orphan, encounterId });
    }
  }

  private encountersMentioning(key: string): string[] {
    return this.sources.of(key).flatMap((source) => this.entries.get(source)?.encounterId ?? []);
  }
}

/** Sent again, or older than what is known. */
function saysNothingNew(known: Entry, now: Entry, own: string | undefined, mentions: readonly string[]): boolean {
  if (known.changedAt !== undefined && now.changedAt !== undefined && now.changedAt < known.changedAt) return true;
  const isMentioned = (target: string) => known.mentions.includes(target);
  return known.digest === now.digest && known.encounterId === own && mentions.every(isMentioned);
}
