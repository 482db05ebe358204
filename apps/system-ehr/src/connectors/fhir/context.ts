import type { Lookup } from '@concord/fhir';

/** What a mapping knows beside the resource itself. */
export interface Context {
  /** Finds what the resource refers to. */
  readonly lookup: Lookup;
  /** The encounter it belongs to, where the record knows it although the resource does not say so. */
  readonly encounterId?: string;
}
