import type { ColumnType, Generated } from 'kysely';

export type EventTables = {
  'events.event': {
    position: Generated<number>;
    id: string;
    type: string;
    source: string;
    subject: string;
    correlation_id: string;
    time: Date;
    data: ColumnType<unknown, string, never>;
    raw_message_id: string | null;
  };
  'events.raw_message': {
    id: string;
    source: string;
    content_type: string;
    body: Buffer;
    received_at: Date;
    expires_at: Date;
  };
  'events.cursor': { subscriber: string; position: number };
};

export const eventMigrations = {
  '001-log': `
    create schema events;
    create table events.raw_message (
      id text primary key,
      source text not null,
      content_type text not null,
      body bytea not null,
      received_at timestamptz not null,
      expires_at timestamptz not null
    );
    alter table events.raw_message alter column body set storage external;
    create index raw_message_expiry on events.raw_message (expires_at);
    create table events.event (
      position bigint generated always as identity primary key,
      id text not null unique,
      type text not null,
      source text not null,
      subject text not null,
      correlation_id text not null,
      time timestamptz not null,
      data jsonb not null,
      raw_message_id text
    );
    create index event_subject on events.event (subject, position);
    create table events.cursor (
      subscriber text primary key,
      position bigint not null
    );`,
  // Kept as it was written: nothing looks into it here, and jsonb costs more to write.
  '002-as-written': `alter table events.event alter column data type json;`,
  // Messages come in the order of time, so a range of blocks says enough, and costs an intake nothing.
  '003-received': `create index raw_message_received on events.raw_message using brin (received_at);`,
};
