import type { NewEvent } from '@concord/events';
import { EncounterCancelled, EncounterCompleted, EncounterStarted, type Encounter } from '@concord/canonical';
import type { EncounterContent, StoredEncounter } from './record.js';

/** An encounter as the record last knew it. */
export interface EncounterState {
  readonly encounter: StoredEncounter;
  /** Of the content, by which a change is told. */
  readonly digest: string;
}

/** The types of event that the record announces; each holds the encounter and the time. */
type Announcement = typeof EncounterStarted | typeof EncounterCompleted | typeof EncounterCancelled;

export interface Revision extends EncounterState {
  /** What is to be said of it; nothing where nobody acts on it. */
  readonly announcement: Announcement | undefined;
}

/**
 * The next version of an encounter; undefined where nothing of it changed. An encounter that was known and is no more
 * was deleted by the EHR, and is cancelled.
 */
export function revise(
  before: EncounterState | undefined,
  content: EncounterContent | undefined,
  digestOf: (text: string) => string,
): Revision | undefined {
  const now = content ?? deleted(before?.encounter);
  if (!now) return undefined;
  const digest = digestOf(JSON.stringify({ ...now, version: undefined }));
  if (digest === before?.digest) return undefined;
  const version = (before?.encounter.version ?? 0) + 1;
  return { encounter: { ...now, version }, digest, announcement: announcementOf(before?.encounter.status, now.status) };
}

const deleted = (encounter: StoredEncounter | undefined): EncounterContent | undefined =>
  encounter && encounter.status !== 'cancelled' ? { ...encounter, status: 'cancelled' } : undefined;

/** A finished encounter is announced at each change; one that is finished no longer, once. */
function announcementOf(before: Encounter['status'] | undefined, now: Encounter['status']): Announcement | undefined {
  if (now === 'finished') return EncounterCompleted;
  if (before === 'finished') return EncounterCancelled;
  const begins = now === 'in-progress' && (before === undefined || before === 'planned');
  return begins ? EncounterStarted : undefined;
}

/** The event that says so; undefined where there is nothing to say. */
export function eventOf(
  { encounter, announcement }: Revision,
  { correlationId, rawMessageId, time }: Pick<NewEvent, 'correlationId' | 'rawMessageId' | 'time'>,
): NewEvent | undefined {
  return (
    announcement && {
      id: `ehr:encounter:${encounter.id}:v${encounter.version}`,
      type: announcement.type,
      source: 'urn:concord:system:ehr',
      subject: encounter.id,
      correlationId,
      time,
      data: { encounterId: encounter.id, occurredAt: time.toISOString() },
      rawMessageId,
    }
  );
}
