import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { sql } from 'kysely';
import { money } from '@concord/canonical';
import { waitUntil } from '@concord/testing';
import { financed, unwound, type EncounterFacts } from '../fixture/encounter-events.js';
import { projected, type Projected } from '../fixture/projected.js';
import { DIMENSIONS, type ProfitabilityQuery } from './profitability.dto.js';
import { ProfitabilityReport } from './profitability.report.js';

let chain: Projected;
let report: ProfitabilityReport;
beforeAll(async () => {
  chain = await projected();
  chain.projection.onApplicationBootstrap();
  report = new ProfitabilityReport(chain.database, chain.projection);
});
afterAll(() => chain.stop());

let run = 0;

/** The books hold just these encounters. */
async function given(encounters: readonly Omit<EncounterFacts, 'encounterId'>[], withdrawn: readonly number[] = []) {
  run += 1;
  await sql`truncate events.event, experience_finance.encounter`.execute(chain.database);
  const all = encounters.map((facts, i) => ({ ...facts, encounterId: `P${run}-${i}` }));
  await chain.events.append([...all.map(financed), ...withdrawn.map((i) => unwound(all[i]!))]);
  await waitUntil('every event to be taken', async () => (await chain.projection.freshness()).behind === 0);
}

const FIGURES = ['gross', 'expected', 'supplyCost', 'laborCost', 'margin'] as const;

const cents = fc.integer({ min: 0, max: 50_000_000 }).map((amount) => money(new Decimal(amount).div(100)));
const encounter = fc.record({
  facility: fc.constantFrom('CLINIC-NORTH', 'CLINIC-SOUTH', 'CLINIC-EAST'),
  region: fc.constantFrom('NORTH', 'SOUTH'),
  serviceLine: fc.constantFrom('PRIMARY-CARE', 'EMERGENCY', 'SURGERY'),
  gross: cents,
  supplyCost: cents,
  laborCost: cents,
});

describe('profitability', () => {
  test('the sums of the parts are the whole, to the cent, and withdrawn encounters do not count', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(encounter, { minLength: 1, maxLength: 40 }), fc.nat(3), async (encounters, gone) => {
        const withdrawn = encounters.map((_, i) => i).slice(0, Math.min(gone, encounters.length - 1));
        await given(encounters, withdrawn);
        const kept = encounters.slice(withdrawn.length);
        for (const by of DIMENSIONS) {
          const { lines, totals } = await report.read({ by });
          expect(totals).toHaveLength(1);
          for (const figure of FIGURES) {
            const sum = Decimal.sum(...lines.map((line) => line[figure].amount));
            expect(totals[0]![figure].amount).toBe(sum.toFixed(2));
          }
          expect(totals[0]!.encounters).toBe(kept.length);
          expect(totals[0]!.gross.amount).toBe(Decimal.sum(...kept.map(({ gross }) => gross.amount)).toFixed(2));
          for (const { expected, supplyCost, laborCost, margin } of lines) {
            const left = new Decimal(expected.amount).minus(supplyCost.amount).minus(laborCost.amount);
            expect(margin.amount).toBe(left.toFixed(2));
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  test('is told by facility, service line and region', async () => {
    await given([
      { facility: 'CLINIC-NORTH', region: 'NORTH', serviceLine: 'SURGERY', gross: money(100) },
      { facility: 'CLINIC-EAST', region: 'NORTH', serviceLine: 'SURGERY', gross: money(50) },
      { facility: 'CLINIC-EAST', region: 'NORTH', serviceLine: 'EMERGENCY', gross: money(25) },
    ]);
    const told = async (by: ProfitabilityQuery['by']) =>
      (await report.read({ by })).lines.map(({ code, encounters, gross }) => [code, encounters, gross.amount]);
    expect(await told('facility')).toEqual([
      ['CLINIC-EAST', 2, '75.00'],
      ['CLINIC-NORTH', 1, '100.00'],
    ]);
    expect(await told('service_line')).toEqual([
      ['EMERGENCY', 1, '25.00'],
      ['SURGERY', 2, '150.00'],
    ]);
    expect(await told('region')).toEqual([['NORTH', 3, '175.00']]);
  });

  test('counts the days of service from the first to the last one asked for', async () => {
    await given(['2026-10-31', '2026-11-01', '2026-11-30', '2026-12-01'].map((serviceDate) => ({ serviceDate })));
    const { totals } = await report.read({ by: 'facility', from: '2026-11-01', to: '2026-11-30' });
    expect(totals.map(({ encounters }) => encounters)).toEqual([2]);
  });

  test('never adds one currency to another', async () => {
    await given([{ gross: money(100, 'USD') }, { gross: money(70, 'EUR') }, { gross: money(30, 'EUR') }]);
    const { lines, totals } = await report.read({ by: 'facility' });
    expect(totals.map(({ gross }) => gross)).toEqual([money(100, 'EUR'), money(100, 'USD')]);
    expect(lines).toHaveLength(2);
  });

  test('of nothing is nothing', async () => {
    await given([]);
    expect(await report.read({ by: 'region' })).toMatchObject({ lines: [], totals: [] });
  });
});
