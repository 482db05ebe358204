import type { OnApplicationBootstrap, OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { configure, openVendor } from '@concord/api';
import { money, type LaborRate, type Worker } from '@concord/canonical';
import { migrate, putChanged, type Database } from '@concord/database';
import { log } from '@concord/observability';
import { ChangeAttempts, type Vendor } from '@concord/resilience';
import { sql } from 'kysely';
import { Repeatable } from '../../changes/repeatable.js';
import { WorkerAnnouncements } from '../../changes/worker-announcements.js';
import { CAPABILITIES, HcmConnector, type SignedNotice } from '../../connector.js';
import type { ChangeOf, HcmResourceName, NewOf, One, QueryOf } from '../../resources.js';
import type { ConnectorParts } from '../connector.parts.js';
import { LaborLedger } from '../labor/labor.ledger.js';
import { laborMigration, laborSince } from '../labor/tables.js';
import { refuseForeign } from './notice.js';
import { RestClient, TIMEOUT_MS } from './rest.client.js';
import { checked, RestConfig, RestLimits } from './rest.config.js';
import { COLLECTIONS, ROLES } from './rest.mapping.js';
import { RestResource } from './rest.resource.js';

const SCHEMA = 'rest_hcm';
const TERMS_KEPT_MS = 60_000;
/** What was changed while the last sweep looked. */
const OVERLAP_MS = 60_000;

const migrations = {
  '001-rest': `
    create schema ${SCHEMA};
    create table ${SCHEMA}.notice (id text primary key, received_at timestamptz not null);
    create index notice_age on ${SCHEMA}.notice (received_at);
    create table ${SCHEMA}.sweep (resource text primary key, until timestamptz not null);
    ${laborMigration(SCHEMA)}`,
  '002-labor-since': laborSince(SCHEMA),
  // What an hour cost when the platform was last asked: it does not tell since when.
  '003-rates': `
    create table ${SCHEMA}.labor_rate (
      role text primary key,
      hourly_cost numeric(15, 2) not null,
      currency text not null,
      changed_at timestamptz not null
    );`,
};

/** A platform for human capital management behind its REST API; it tells of changes by webhook, and a sweep finds the rest. */
export class RestConnector extends HcmConnector implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  readonly capabilities = new Set(CAPABILITIES);
  readonly workers;
  readonly positions;
  readonly assignments;
  readonly orgUnits;
  readonly shifts;
  readonly timeEntries;
  readonly payResults;
  readonly credentials;
  readonly onboardings;
  readonly terminations;
  readonly labor;
  private readonly people: RestResource<Worker, QueryOf<'workers'>, NewOf<'workers'>, ChangeOf<'workers'>>;
  private readonly client: RestClient;
  private readonly vendor: Vendor;
  private readonly announcements: WorkerAnnouncements;
  private readonly attempts: ChangeAttempts;
  private terms: { rates: LaborRate[]; facilities: Set<string>; until: number } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> = Promise.resolve();

  constructor(
    private readonly parts: Pick<ConnectorParts, 'database' | 'events' | 'clock'>,
    private readonly config = checked(configure(RestConfig)),
    limits = configure(RestLimits),
  ) {
    super();
    this.vendor = openVendor('hcm-rest', 'system/hcm', limits, { timeoutMs: TIMEOUT_MS, clock: parts.clock });
    const client = new RestClient(config, this.vendor);
    this.client = client;
    this.attempts = new ChangeAttempts(parts.database, 'hcm', 'rest');
    const collection = <N extends HcmResourceName>(name: N) =>
      new Repeatable<One<N>, QueryOf<N>, NewOf<N>, ChangeOf<N>>(
        new RestResource<One<N>, QueryOf<N>, NewOf<N>, ChangeOf<N>>(client, COLLECTIONS[name]),
        name,
        this.attempts,
      );
    this.people = new RestResource(client, COLLECTIONS.workers);
    this.workers = collection('workers');
    this.positions = collection('positions');
    this.assignments = collection('assignments');
    this.orgUnits = collection('orgUnits');
    this.shifts = collection('shifts');
    this.timeEntries = collection('timeEntries');
    this.payResults = collection('payResults');
    this.credentials = collection('credentials');
    this.onboardings = collection('onboardings');
    this.terminations = collection('terminations');
    const terms = {
      rates: async () => (await this.currentTerms()).rates,
      facilities: async () => (await this.currentTerms()).facilities,
    };
    this.labor = new LaborLedger(parts.database, SCHEMA, terms, parts.clock);
    this.announcements = new WorkerAnnouncements(parts.events, 'rest');
  }

  async onModuleInit(): Promise<void> {
    await WorkerAnnouncements.migrate(this.parts.database);
    await this.attempts.migrate();
    await migrate(this.parts.database, 'rest-hcm', migrations);
  }

  onApplicationBootstrap(): void {
    const sweep = () => {
      this.sweeping = this.sweep().catch((error: unknown) => log.warn('hcm.sweep-failed', { error }));
    };
    sweep();
    this.vendor.watch(() => this.probe());
    this.timer = setInterval(sweep, this.config.sweepSeconds * 1000).unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.sweeping;
    await this.client.close();
  }

  async probe(): Promise<void> {
    await this.client.find(COLLECTIONS.workers.path, { limit: 1 });
  }

  /** A notice says that there is news; the news itself is read, so that notices may come late, twice or in any order. */
  override async receive({ notice, sentAt, signature }: SignedNotice): Promise<void> {
    refuseForeign(notice, { sentAt, signature }, this.config.webhookSecret, this.parts.clock());
    const { database } = this.parts;
    const { rows } = await sql`select 1 from rest_hcm.notice where id = ${notice.deliveryId}`.execute(database);
    if (rows.length) return;
    this.vendor.heard();
    const worker = await this.workers.read(notice.employeeNo);
    const now = this.parts.clock();
    await this.tell([worker], (tx) =>
      sql`insert into rest_hcm.notice (id, received_at) values (${notice.deliveryId}, ${now}) on conflict do nothing`.execute(
        tx,
      ),
    );
  }

  /**
   * Finds whatever no notice told of, from where the last sweep ended. Who cannot be told in our words holds up nobody else,
   * is named in the log each time, and is looked at again until he can be.
   */
  async sweep(): Promise<void> {
    const { database, clock } = this.parts;
    const began = clock();
    let until = began;
    const { rows } = await sql<{ until: Date }>`select until from rest_hcm.sweep`.execute(database);
    const changed_since = rows[0] && new Date(rows[0].until.getTime() - OVERLAP_MS).toISOString();
    for (let page_token: string | undefined; ;) {
      const page = await this.people.readable({ changed_since, page_size: 100, page_token });
      for (const { problem, changedAt } of page.unreadable) {
        const { entry = '', member = '', code = '' } = problem.context ?? {};
        log.warn('hcm.entry-unreadable', { name: entry, reason: `${member}:${code}` });
        if (changedAt < until) until = changedAt;
      }
      if (page.items.length) await this.tell(page.items);
      if (!page.nextPageToken) break;
      page_token = page.nextPageToken;
    }
    await sql`insert into rest_hcm.sweep (resource, until) values ('workers', ${until}) on conflict (resource) do update set until = excluded.until`.execute(
      database,
    );
    const forgotten = new Date(began.getTime() - 86_400_000);
    await sql`delete from rest_hcm.notice where received_at < ${forgotten}`.execute(database);
  }

  private async tell(workers: readonly Worker[], also?: (tx: Database) => Promise<unknown>): Promise<void> {
    await this.parts.database.transaction().execute(async (tx) => {
      await also?.(tx);
      await this.announcements.tell(tx, workers);
    });
    this.announcements.announce();
  }

  /** The platform does not tell since when an hour costs what it does: it was changed when it was first told. */
  private async dated(told: readonly { role: LaborRate['role']; hourly_cost: string; currency: string }[]) {
    const { database, clock } = this.parts;
    await putChanged(database, `${SCHEMA}.labor_rate`, ['role'], told, clock());
    const { rows } = await sql<(typeof told)[number] & { changed_at: Date }>`
      select role, hourly_cost, currency, changed_at from rest_hcm.labor_rate
      where role = any(${told.map(({ role }) => role)})`.execute(database);
    return rows
      .map(({ role, hourly_cost, currency, changed_at }) => ({
        role,
        hourlyCost: money(hourly_cost, currency),
        changedAt: changed_at.toISOString(),
      }))
      .sort((a, b) => (a.role < b.role ? -1 : 1));
  }

  /** Pay bands and sites change seldom. */
  private async currentTerms(): Promise<NonNullable<typeof this.terms>> {
    if (this.terms && this.terms.until > Date.now()) return this.terms;
    const [bands, sites] = await Promise.all([this.client.find('payBands', {}), this.client.find('sites', {})]);
    const roles = Object.entries(ROLES) as [LaborRate['role'], string][];
    const told = roles.flatMap(([role, family]) => {
      const band = bands.data.find(({ jobFamily }) => jobFamily === family); // what an hour of a job family costs
      return band ? [{ role, hourly_cost: String(band['hourly']), currency: String(band['curr']) }] : [];
    });
    const rates = await this.dated(told);
    const facilities = new Set(sites.data.map(({ site }) => String(site)));
    return (this.terms = { rates, facilities, until: Date.now() + TERMS_KEPT_MS });
  }
}
