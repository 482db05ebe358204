/** The x12 connector in a database of its own, and the clearinghouse that it exchanges files with. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { money, type NewClaim } from '@concord/canonical';
import { migrate, openDatabase, startPostgres } from '@concord/database';
import { EventLog, eventMigrations, Vault } from '@concord/events';
import { FaultInjection } from '@concord/resilience';
import { waitUntil } from '@concord/testing';
import { readX12, setsOf, type X12Set } from '@concord/x12';
import { sql } from 'kysely';
import { SimulatorClock } from '../../../../simulators/src/clock.js';
import { Faults, type FaultKind } from '../../../../simulators/src/faults.js';
import {
  CLEARINGHOUSE_ACCOUNT,
  startClearinghouseSimulator,
} from '../../../../simulators/src/clearinghouse/clearinghouse.simulator.js';
import { coverageOf } from '../connector.conformance.js';
import { X12Connector } from './x12.connector.js';

export const DAY = 86_400_000;
const NOON = new Date('2026-03-02T12:00:00Z');
const BEGAN = performance.now();
/** Goes as fast as the real time, because waits before another attempt are measured by it. */
const now = () => new Date(NOON.getTime() + performance.now() - BEGAN);

/** Opens what the connector keeps sealed. */
export const vault = Vault.fromSecret(Buffer.alloc(32, 1).toString('base64'));

export type Exchange = Awaited<ReturnType<typeof startExchange>>;

export async function startExchange() {
  const folder = await mkdtemp(join(tmpdir(), 'concord-revenue-x12-'));
  const postgres = await startPostgres({ dataDir: join(folder, 'pg'), log: () => undefined });
  const database = openDatabase(postgres.url);
  await migrate(database, 'events', eventMigrations);
  const clock = new SimulatorClock(NOON);
  const faults = new Faults(() => clock.now());
  /** Everything that the clearinghouse got. */
  const got: Buffer[] = [];
  const clearinghouse = await startClearinghouse('sim', got);
  const opened: X12Connector[] = [];
  const connector = open();
  await connector.onModuleInit();

  /** A partner that answers as the clearinghouse does. @param keep takes what he gets */
  function startClearinghouse(name: string, keep: Buffer[]) {
    return startClearinghouseSimulator({ port: 0, clock, faults, dataDir: join(folder, name), keep });
  }

  /** Another process of the same connector; it is not started yet. */
  function open(wishes: Record<string, string> = {}): X12Connector {
    const events = new EventLog(database, vault, { clock: now, rawRetentionDays: 1 });
    const environment = {
      CLEARINGHOUSE_SFTP_PORT: String(clearinghouse.port),
      CLEARINGHOUSE_SFTP_USER: CLEARINGHOUSE_ACCOUNT.username,
      CLEARINGHOUSE_SFTP_PASSWORD: CLEARINGHOUSE_ACCOUNT.password,
      CLEARINGHOUSE_SFTP_HOST_KEYS: clearinghouse.fingerprint,
      CLEARINGHOUSE_SFTP_POLL_SECONDS: '0.05',
      CLEARINGHOUSE_BATCH_SECONDS: '3600', // a test says when
      ...wishes,
    };
    const around = { database, vault, events, clock: now, faults: new FaultInjection() };
    const made = new X12Connector(around, environment);
    opened.push(made);
    return made;
  }

  /** Enters who insures an encounter. */
  const cover = (encounterId: string, wishes: object = {}) =>
    connector.createCoverage(randomUUID(), { ...coverageOf(encounterId), ...wishes });

  return {
    connector,
    database,
    clock,
    got,
    clearinghouse,
    startClearinghouse,
    open,
    cover,

    /** Raises a claim whose coverage is known. */
    async raise(wishes: Partial<NewClaim> = {}, coverage: object = {}) {
      const claim = claimOf(wishes);
      await cover(claim.encounterId, { payer: claim.payer, ...coverage });
      return connector.createClaim(randomUUID(), claim);
    },

    becomes: (id: string, status: string) =>
      waitUntil(`${id} to be ${status}`, async () => {
        const answer = await connector.readClaimStatus(id);
        return answer.status === status && answer;
      }),

    /** The set of a claim, as the clearinghouse got it. */
    setOf({ number }: { readonly number: string }): X12Set {
      const sets = got.flatMap((file) => setsOf(readX12(file)));
      return sets.find(({ segments }) => segments.some((each) => each.name === 'CLM' && each.at(1) === number))!;
    },

    rowsOf: async (table: string) =>
      (await sql<Record<string, unknown>>`select * from ${sql.table(`revenue_cycle_x12.${table}`)}`.execute(database))
        .rows,

    /** The clearinghouse does something wrong, once. */
    tell: (operation: string, kind: FaultKind) => faults.tell({ operation, kind }),

    async stop(): Promise<void> {
      for (const each of opened) await each.onApplicationShutdown();
      await clearinghouse.close();
      await database.destroy();
      await postgres.stop();
      await rm(folder, { recursive: true });
    },
  };
}

export const line = (chargeCode: string, amount: string) => ({
  chargeCode,
  service: { system: 'http://snomed.info/sct', code: '185349003' },
  quantity: '1',
  charge: money(amount),
});

export const claimOf = (wishes: Partial<NewClaim> = {}): NewClaim => ({
  encounterId: randomUUID(),
  facility: 'CLINIC-NORTH',
  payer: 'MEDICARE',
  serviceDate: '2026-03-01',
  lines: [line('CH-VISIT-CHECKUP', '180.00'), line('CH-IMM-FLU', '45.05')],
  diagnoses: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'Z00.00' }],
  ...wishes,
});
