import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql, type Selectable } from 'kysely';
import { migrate, openDatabase, startPostgres, type Database, type PostgresServer } from '@concord/database';
import { eventMigrations, EventLog, Vault, type NewEvent } from '@concord/events';
import { waitUntil } from '@concord/testing';
import { cancelled, completed, financed, parked, started, unwound } from '../fixture/encounter-events.js';
import { BillingStatusProjection } from './billing-status.projection.js';
import type { BillingStatusRow } from './billing-status.tables.js';

const dataDir = mkdtempSync(join(tmpdir(), 'concord-clinic-'));
let postgres: PostgresServer;
let database: Database;
let events: EventLog;
let projection: BillingStatusProjection;

beforeAll(async () => {
  postgres = await startPostgres({ dataDir, log: () => undefined });
  database = openDatabase(postgres.url);
  await migrate(database, 'events', eventMigrations);
  const vault = Vault.fromSecret(randomBytes(32).toString('base64'));
  events = new EventLog(database, vault, { clock: () => new Date(), rawRetentionDays: 1 });
  projection = new BillingStatusProjection(database, events);
  await projection.onModuleInit();
  projection.onApplicationBootstrap();
});

afterAll(async () => {
  await projection.onModuleDestroy();
  await database.destroy();
  await postgres.stop();
  rmSync(dataDir, { recursive: true });
});

beforeEach(async () => {
  await settled();
  await sql`truncate events.event, experience_clinic.billing_status`.execute(database);
});

const settled = () => waitUntil('every event to be taken', async () => (await projection.freshness()).behind === 0);

async function rows(): Promise<Selectable<BillingStatusRow>[]> {
  await settled();
  const { rows } = await sql<Selectable<BillingStatusRow>>`
    select * from experience_clinic.billing_status order by encounter_id`.execute(database);
  return rows;
}

/** Where the encounter stands after each of the events. */
async function journey(...said: NewEvent[]): Promise<string[]> {
  const standings: string[] = [];
  for (const event of said) {
    await events.append([event]);
    standings.push((await rows())[0]!.status);
  }
  return standings;
}

describe('an encounter', () => {
  test('is received, in billing, and financed', async () => {
    expect(await journey(started('E'), completed('E'), financed('E'))).toEqual(['received', 'in-billing', 'financed']);
    expect(await rows()).toMatchObject([{ facility: 'CLINIC-NORTH', started_at: expect.any(Date) }]);
  });

  test('needs attention while a step is refused, and no longer once it is financed', async () => {
    expect(await journey(completed('E'), parked('E', { step: 'supplies', owner: 'supply' }))).toEqual([
      'in-billing',
      'needs-attention',
    ]);
    expect(await rows()).toMatchObject([
      { attention: [{ step: 'supplies', owner: 'supply', problem: 'unknown-code' }] },
    ]);
    expect(await journey(financed('E'))).toEqual(['financed']);
    expect(await rows()).toMatchObject([{ attention: [] }]);
  });

  test('names every step of the last pass that stands still, and none of an earlier one', async () => {
    const first = new Date('2026-11-21T10:00:00Z');
    const second = new Date('2026-11-21T11:00:00Z');
    await journey(parked('E', { step: 'charges', time: first }), parked('E', { step: 'supplies', time: first }));
    expect((await rows())[0]!.attention.map(({ step }) => step)).toEqual(['charges', 'supplies']);
    await journey(parked('E', { step: 'supplies', time: second }));
    expect((await rows())[0]!.attention.map(({ step }) => step)).toEqual(['supplies']);
  });

  test('stays financed through a correction that changes no figure', async () => {
    expect(await journey(completed('E'), financed('E'), completed('E'), started('E'))).toEqual([
      'in-billing',
      'financed',
      'financed',
      'financed',
    ]);
  });

  test('that is cancelled is withdrawn at once before billing, and after that when billing has taken it back', async () => {
    expect(await journey(started('E'), cancelled('E'))).toEqual(['received', 'withdrawn']);
    expect(await journey(started('E'), completed('E'), financed('E'), cancelled('E'), unwound('E'))).toEqual([
      'received',
      'in-billing',
      'financed',
      'in-billing',
      'withdrawn',
    ]);
  });

  test('is not touched by the run of another workflow', async () => {
    await events.append([completed('E'), parked('E', { workflow: 'procure-to-pay' })]);
    expect(await rows()).toMatchObject([{ status: 'in-billing' }]);
  });
});

test('an event that comes twice changes nothing, nor does taking all of them again', async () => {
  const first = started('E');
  await events.append([first, completed('E'), parked('E')]);
  const before = await rows();
  expect(await events.append([first])).toBe(0);
  await projection.subscription.replayFrom(0);
  expect(await rows()).toEqual(before);
});

test('rows made anew from the first event are the same, whatever the batches were', async () => {
  const say = fc.constantFrom(started, completed, cancelled, unwound, (id: string) => financed(id), parked);
  const step = fc.record({ say, encounter: fc.constantFrom('A', 'B', 'C'), together: fc.boolean() });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 15 }), async (steps) => {
      run += 1;
      const group: NewEvent[] = [];
      for (const { say, encounter, together } of steps) {
        group.push(say(`${run}-${encounter}`));
        if (!together) await events.append(group.splice(0));
      }
      await events.append(group);
      const before = await rows();
      await sql`truncate experience_clinic.billing_status`.execute(database);
      await projection.subscription.replayFrom(0);
      expect(await rows()).toEqual(before);
    }),
    { numRuns: 15 },
  );
});

test('many encounters are taken in batches', async () => {
  const encounters = Array.from({ length: 600 }, (_, i) => `E-${i}`);
  await events.append(encounters.flatMap((id) => [started(id), completed(id), financed(id)]));
  const all = await rows();
  expect(all).toHaveLength(600);
  expect(new Set(all.map(({ status }) => status))).toEqual(new Set(['financed']));
});
