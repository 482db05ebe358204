import type { Encounter } from '@concord/canonical';

/** What an encounter is, apart from what the record adds to it. */
export type EncounterContent = Omit<Encounter, 'version' | 'revision' | 'changedAt'>;

/** An encounter as it is stored; its revision is its version, and when it changed stands beside it. */
export type StoredEncounter = Omit<Encounter, 'revision' | 'changedAt'>;

/**
 * One thing the EHR said, in the form in which the record keeps it: a resource is now so, or it is gone. `body` is the
 * only part that may hold PHI, and it is sealed before it is stored.
 */
export interface Change {
  /** `Type/id`, as in FHIR; also for what HL7 v2 said. */
  readonly key: string;
  /** Absent where the resource is gone. */
  readonly body?: object;
  /** The encounter it belongs to, where it says so. */
  readonly encounterId?: string;
  /** The key of the resource whose encounter is also its own, where it does not name one itself. */
  readonly parent?: string;
  /** Keys of the resources that say more about it: the device that was used, the coverage of a claim. */
  readonly mentions: readonly string[];
  /** When the sender last changed it, in UTC; what is older than the record changes nothing. */
  readonly changedAt?: string;
}

/** Everything that is known of one encounter, each in the order it came. */
export interface EncounterRecord {
  readonly id: string;
  /** What belongs to the encounter, the encounter itself among it. */
  readonly parts: readonly object[];
  /** What those mention, by key. */
  readonly mentioned: ReadonlyMap<string, object>;
}

/** A canonical resource without what the record adds to it. */
export type Content<T> = Omit<T, 'revision' | 'changedAt'>;
