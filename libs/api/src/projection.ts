import type { OnApplicationBootstrap, OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import type { Freshness } from '@concord/canonical';
import { migrate, type Database } from '@concord/database';
import { freshnessOf, Subscription, type EventLog, type Subscriber } from '@concord/events';

export interface Projected {
  /** Of the tables that it keeps. */
  readonly schema: string;
  readonly migrations: Readonly<Record<string, string>>;
  /** The name is that of the cursor: a migration that empties the tables changes it, and the rows are made anew. */
  readonly subscriber: Subscriber;
}

/**
 * Rows that follow the event log, for an API to read. Events come in their order and never twice at once; taken again from
 * the first on, they have to give the same rows.
 */
export abstract class Projection implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  readonly subscription: Subscription;

  protected constructor(
    private readonly database: Database,
    events: EventLog,
    private readonly projected: Projected,
  ) {
    this.subscription = new Subscription(database, events, projected.subscriber);
  }

  async onModuleInit(): Promise<void> {
    await migrate(this.database, this.projected.schema, this.projected.migrations);
  }

  onApplicationBootstrap(): void {
    this.subscription.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.subscription.stop();
  }

  /** How far the rows have come. Ask before reading them. */
  freshness(): Promise<Freshness> {
    return freshnessOf(this.database, this.projected.subscriber);
  }
}
