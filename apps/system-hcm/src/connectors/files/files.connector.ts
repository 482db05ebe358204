import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { isCalendarDay, Problem, type WorkforceExtract } from '@concord/canonical';
import { migrate, type Database } from '@concord/database';
import { log } from '@concord/observability';
import { Mailbox, mailboxMigrations, type MailboxHealth, type ReadFile, type RemoteFile } from '@concord/sftp';
import { WorkerAnnouncements } from '../../changes/worker-announcements.js';
import { HcmConnector, type Capability } from '../../connector.js';
import type { Extracts } from '../../ports/extracts.js';
import type { ChangeOf, HcmResourceName, NewOf, One, QueryOf } from '../../resources.js';
import type { ConnectorParts } from '../connector.parts.js';
import { LaborLedger } from '../labor/labor.ledger.js';
import { inForceOn } from '../record/in-force.js';
import * as record from '../record/kind.js';
import { RecordStore } from '../record/record.store.js';
import { apply, type ApplyingParts } from './applying.js';
import { ExtractStore, type Outcome } from './extract.store.js';
import { filesSettings, type FilesSettings } from './files.config.js';
import { FilesResource } from './files.resource.js';
import { termsTold } from './labor-rates.js';
import { filesMigrations, SCHEMA } from './migrations.js';
import type { Profile } from './profile.js';

/** What a platform can tell of beyond those who work for it, by the kind of extract that tells it. */
const TELLING: Readonly<Record<string, Capability>> = {
  shift: 'shifts',
  'time-entry': 'time-entries',
  'pay-result': 'pay-results',
  credential: 'credentials',
  onboarding: 'lifecycle',
  termination: 'lifecycle',
};

const DAY_MS = 86_400_000;

/**
 * A platform for human capital management that leaves nightly extracts, as CSV, in an SFTP mailbox. A file is kept as it
 * came, then worked in as a whole: in one transaction, and only where it does not shrink the workforce beyond belief.
 */
export class FilesConnector extends HcmConnector implements OnModuleInit, OnApplicationShutdown {
  readonly capabilities: ReadonlySet<Capability>;
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
  private readonly files: ExtractStore;
  private readonly applying: ApplyingParts;
  private readonly mailbox: Mailbox;
  private readonly stopping = new AbortController();
  private polling: { stop: () => Promise<void> } | undefined;
  private working: Promise<void> | undefined;

  constructor(
    private readonly parts: Pick<ConnectorParts, 'database' | 'vault' | 'events' | 'clock'>,
    private readonly settings: FilesSettings = filesSettings(),
  ) {
    super();
    const { database, vault, events, clock } = parts;
    const { profile, shrinkShare } = settings;
    const records = new RecordStore(SCHEMA, vault);
    this.capabilities = capabilitiesOf(profile);
    const told = <N extends HcmResourceName>(
      kind: record.Kind<One<N>>,
      capability: Capability | undefined = TELLING[kind.name],
      filter?: ConstructorParameters<typeof FilesResource<One<N>, QueryOf<N>, NewOf<N>, ChangeOf<N>>>[2],
    ) => {
      const lacks = capability && !this.capabilities.has(capability) ? capability : undefined;
      return new FilesResource<One<N>, QueryOf<N>, NewOf<N>, ChangeOf<N>>({ database, records, lacks }, kind, filter);
    };
    this.workers = told<'workers'>(record.WORKER);
    this.positions = told<'positions'>(record.POSITION);
    this.assignments = told<'assignments'>(record.ASSIGNMENT, undefined, ({ effective_on }) =>
      effective_on ? inForceOn(effective_on) : undefined,
    );
    this.orgUnits = told<'orgUnits'>(record.ORG_UNIT);
    this.shifts = told<'shifts'>(record.SHIFT);
    this.timeEntries = told<'timeEntries'>(record.TIME_ENTRY);
    this.payResults = told<'payResults'>(record.PAY_RESULT);
    this.credentials = told<'credentials'>(record.CREDENTIAL);
    this.onboardings = told<'onboardings'>(record.ONBOARDING);
    this.terminations = told<'terminations'>(record.TERMINATION);
    this.labor = new LaborLedger(database, SCHEMA, termsTold(database, records, SCHEMA), clock);
    this.files = new ExtractStore(database, vault);
    const announcements = new WorkerAnnouncements(events, 'files');
    this.applying = { extracts: this.files, records, announcements, profile, shrinkShare, clock };
    this.mailbox = new Mailbox(settings.mailbox, { database, clock, api: 'system/hcm' });
  }

  override get extracts(): Extracts {
    return {
      list: (query) => this.files.list(query),
      read: (id) => this.readExtract(id),
      accept: (id) => this.accept(id),
    };
  }

  async onModuleInit(): Promise<void> {
    const { database } = this.parts;
    await WorkerAnnouncements.migrate(database);
    await migrate(database, 'sftp', mailboxMigrations);
    await migrate(database, 'files-hcm', filesMigrations);
    this.polling = this.mailbox.subscribeInPieces((file, pieces) => this.takeIn(file, pieces));
    this.working = this.work();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.polling?.stop();
    this.stopping.abort();
    await this.working;
    await this.mailbox.close();
  }

  async probe(): Promise<void> {
    await this.mailbox.list();
  }

  health(): MailboxHealth {
    return this.mailbox.health();
  }

  /** Keeps a file as it comes, piece by piece; what it says is worked in soon after it was entered as taken. */
  async takeIn(
    { name, modifiedAt }: RemoteFile,
    pieces: AsyncIterable<Buffer>,
  ): Promise<(read: ReadFile, tx: Database) => Promise<void>> {
    const { clock } = this.parts;
    const id = randomUUID();
    await this.files.keep(id, pieces, clock());
    const { kind, day } = this.named(name);
    const writtenAt = day ? new Date(`${day}T00:00:00Z`) : modifiedAt;
    return (_read, tx) => this.files.add(tx, { id, name: name.slice(0, 200), kind, writtenAt }, clock());
  }

  /** What a file is by its name, and of which day. */
  private named(
    name: string,
  ): (Pick<Profile['extracts'][number], 'kind'> & { day?: string }) | { kind?: undefined; day?: undefined } {
    for (const { files, kind } of this.settings.profile.extracts) {
      const match = new RegExp(files).exec(name);
      if (!match) continue;
      const digits = match.groups?.['day'] ?? '';
      const day = digits.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
      return isCalendarDay(day) ? { kind, day } : { kind };
    }
    return {};
  }

  private async work(): Promise<void> {
    const { signal } = this.stopping;
    const { pollMs } = this.settings.mailbox;
    while (!signal.aborted) {
      while (!signal.aborted && (await this.workOne()));
      await this.files.forget(new Date(this.parts.clock().getTime() - this.settings.keepDays * DAY_MS)).catch(logged);
      await pause(pollMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Whether there was one that could be worked in. */
  private async workOne(): Promise<boolean> {
    let id: string | undefined;
    try {
      const outcome = await this.parts.database.transaction().execute(async (tx) => {
        const waiting = await this.files.next(tx);
        id = waiting?.id;
        if (!waiting) return undefined;
        const reached = await apply(tx, waiting, this.applying);
        await this.files.end(tx, waiting.id, reached, this.parts.clock());
        return reached;
      });
      if (!outcome) return false;
      this.tell(outcome);
      return true;
    } catch (error) {
      logged(error);
      if (id !== undefined) await this.files.failed(id, this.parts.clock()).catch(logged);
      return false;
    }
  }

  private tell({ reason, changed, ended, faultCount }: Outcome): void {
    if (reason) log.warn('hcm.extract-set-aside', { reason, count: faultCount });
    else log.info('hcm.extract-applied', { count: changed + ended, failed: faultCount });
    this.applying.announcements.announce();
  }

  private async readExtract(id: string): Promise<WorkforceExtract> {
    const found = await this.files.read(id);
    if (!found) throw new Problem('not-found', 'There is no such extract');
    return found;
  }

  private async accept(id: string): Promise<WorkforceExtract> {
    const isAccepted = await this.files.accept(id, this.parts.clock());
    const extract = await this.readExtract(id);
    if (isAccepted || extract.status !== 'set-aside') return extract;
    throw new Problem('conflict', 'It was set aside for another reason than that it shrinks the workforce', {
      context: { reason: extract.reason ?? '' },
    });
  }
}

function capabilitiesOf({ extracts }: Profile): ReadonlySet<Capability> {
  return new Set(extracts.flatMap(({ kind }) => TELLING[kind] ?? []));
}

const logged = (error: unknown): void => log.error('hcm.extract-failed', { error });
