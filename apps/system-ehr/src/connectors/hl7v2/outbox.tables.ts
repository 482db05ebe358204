import type { Generated } from 'kysely';

export type OutboxTables = {
  'hl7v2_outbox.message': {
    /** Rises in the order in which messages were given; one destination gets them in this order. */
    position: Generated<number>;
    destination: string;
    control_id: string;
    /** `waiting`, `sent` once acknowledged, `refused` where the receiver will not have it. */
    state: Generated<'waiting' | 'sent' | 'refused'>;
    attempts: Generated<number>;
    /** Not before this moment. */
    due_at: Date;
    /** MSA-1, and what ERR-3 said. */
    answer: string | null;
    settled_at: Date | null;
    /** How often the receiver would not have it. */
    refusals: Generated<number>;
    /** Sealed; removed once it is acknowledged. */
    body: Buffer | null;
  };
};

export const outboxMigrations = {
  '001-message': `
    create schema hl7v2_outbox;
    create table hl7v2_outbox.message (
      position bigint generated always as identity primary key,
      destination text not null,
      control_id text not null,
      state text not null default 'waiting',
      attempts int not null default 0,
      due_at timestamptz not null,
      answer text,
      settled_at timestamptz,
      body bytea,
      unique (destination, control_id)
    );
    create index message_waiting on hl7v2_outbox.message (destination, position) where state = 'waiting';
    create index message_settled on hl7v2_outbox.message (settled_at) where state <> 'waiting';`,
  '002-refusals': 'alter table hl7v2_outbox.message add column refusals int not null default 0',
};
