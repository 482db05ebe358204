import { choice, ENCOUNTER_STATUS, instant, PageQuery, type Encounter } from '@concord/canonical';

/** What the list of encounters can be asked for; a filter that is left out lets everything pass. */
export class EncounterQuery extends PageQuery {
  @choice('Status', ENCOUNTER_STATUS, { optional: true })
  status?: Encounter['status'];

  @instant('Only encounters whose record changed at or after this moment', { optional: true })
  changed_since?: string;
}
