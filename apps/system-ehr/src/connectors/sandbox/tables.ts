import type { Generated } from 'kysely';

/** The schema of `migrations.ts`. Its table of encounters is that of every connector: `encounter-rows.ts`. */
export const SCHEMA = 'sandbox_ehr';

/** The sandbox's own tables. */
export type EhrTables = {
  'sandbox_ehr.resource': {
    /** `Type/id`. */
    key: string;
    encounter_id: string | null;
    /** The resource whose encounter is its own, too. */
    parent: string | null;
    changed_at: Date | null;
    digest: string;
    /** Sealed for its key. */
    body: Buffer;
    /** Rises in the order in which resources were first heard of. */
    arrival: Generated<number>;
  };
  /** `source` says something about `target`; both are keys. */
  'sandbox_ehr.mention': { target: string; source: string };
};
