import type { Encounter } from '@concord/canonical';
import type { ColumnType, Generated } from 'kysely';

/** The tables of `migrations.ts`. */
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
  'sandbox_ehr.encounter': {
    id: string;
    version: number;
    digest: string;
    status: Encounter['status'];
    body: ColumnType<Encounter, string, string>;
    updated_at: Date;
  };
};
