import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql, type Selectable } from 'kysely';
import { money } from '@concord/canonical';
import type { NewEvent } from '@concord/events';
import { waitUntil } from '@concord/testing';
import { financed, unwound } from '../fixture/encounter-events.js';
import { projected, type Projected } from '../fixture/projected.js';
import type { EncounterRow } from './encounters.tables.js';

let chain: Projected;
beforeAll(async () => {
  chain = await projected();
  chain.projection.onApplicationBootstrap();
});
afterAll(() => chain.stop());

beforeEach(async () => {
  await settled();
  await sql`truncate events.event, experience_finance.encounter`.execute(chain.database);
});

const append = (...events: NewEvent[]) => chain.events.append(events);

const settled = () =>
  waitUntil('every event to be taken', async () => (await chain.projection.freshness()).behind === 0);

async function rows(): Promise<Selectable<EncounterRow>[]> {
  await settled();
  const { rows } = await sql<Selectable<EncounterRow>>`
    select * from experience_finance.encounter order by encounter_id`.execute(chain.database);
  return rows;
}

/** Forgets the rows and makes them anew from the first event. */
async function rebuilt() {
  await settled();
  await sql`truncate experience_finance.encounter`.execute(chain.database);
  await chain.projection.subscription.replayFrom(0);
  return rows();
}

test('a financed encounter is one row, and a correction replaces it', async () => {
  await append(financed({ encounterId: 'E-1', gross: money('125.00') }));
  expect(await rows()).toMatchObject([{ encounter_id: 'E-1', gross: '125.00', expected: '90.00', margin: '90.00' }]);
  await append(financed({ encounterId: 'E-1', revision: 1, gross: money('225.00'), laborCost: money('30.00') }));
  expect(await rows()).toMatchObject([{ encounter_id: 'E-1', gross: '225.00', expected: '162.00', margin: '132.00' }]);
});

test('an unwound encounter is withdrawn with its figures, and financed again it counts again', async () => {
  const at = new Date('2026-11-21T12:00:00Z');
  await append(financed({ encounterId: 'E-1' }), unwound({ encounterId: 'E-1', time: at }));
  expect(await rows()).toMatchObject([{ gross: '125.00', withdrawn_at: at }]);
  await append(financed({ encounterId: 'E-1', revision: 2, gross: money('99.00') }));
  expect(await rows()).toMatchObject([{ gross: '99.00', withdrawn_at: null }]);
  await append(unwound({ encounterId: 'E-1', revision: 3, time: at }));
  expect(await rows()).toMatchObject([{ gross: '99.00', withdrawn_at: at }]);
});

test('an encounter that was taken back before it was financed leaves no row', async () => {
  await append(unwound({ encounterId: 'E-9' }));
  expect(await rows()).toEqual([]);
});

test('an event that comes twice changes nothing, nor does taking all of them again', async () => {
  const first = financed({ encounterId: 'E-1' });
  await append(first, financed({ encounterId: 'E-1', revision: 1, gross: money('80.00') }));
  const before = await rows();
  expect(await append(first)).toBe(0);
  await chain.projection.subscription.replayFrom(0);
  expect(await rows()).toEqual(before);
});

test('rows made anew from the first event are the same, whatever the batches were', async () => {
  const step = fc.record({
    encounter: fc.integer({ min: 1, max: 4 }),
    gross: fc.option(fc.integer({ min: 1, max: 99_999 }), { freq: 3 }),
    together: fc.boolean(),
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      run += 1;
      const group: NewEvent[] = [];
      for (const [revision, { encounter, gross, together }] of steps.entries()) {
        const facts = { encounterId: `R${run}-${encounter}`, revision };
        group.push(gross === null ? unwound(facts) : financed({ ...facts, gross: money(gross / 100) }));
        if (!together) await append(...group.splice(0));
      }
      await append(...group);
      const before = await rows();
      expect(await rebuilt()).toEqual(before);
    }),
    { numRuns: 15 },
  );
});

test('many events are taken in batches, each encounter once', async () => {
  const encounters = Array.from({ length: 1500 }, (_, i) => financed({ encounterId: `E-${i}` }));
  await append(...encounters, ...encounters.slice(0, 500).map(({ subject }) => unwound({ encounterId: subject })));
  const all = await rows();
  expect(all).toHaveLength(1500);
  expect(all.filter((row) => row.withdrawn_at)).toHaveLength(500);
});

test('an answer says how many events wait, and of when the last one is that it holds', async () => {
  const lastTime = new Date('2026-11-21T10:00:00Z');
  await append(financed({ encounterId: 'E-1', time: lastTime }));
  await settled();
  const { position, ...fresh } = await chain.projection.freshness();
  expect(fresh).toEqual({ asOf: lastTime.toISOString(), behind: 0 });
  const held = chain.database.transaction().execute(async (tx) => {
    await sql`select 1 from events.cursor for update`.execute(tx);
    await append(financed({ encounterId: 'E-2' }), financed({ encounterId: 'E-3' }), unwound({ encounterId: 'E-1' }));
    return chain.projection.freshness();
  });
  expect(await held).toEqual({ position, asOf: lastTime.toISOString(), behind: 3 });
  await settled();
  expect((await chain.projection.freshness()).position).toBe(position + 3);
});
