import fs from 'node:fs';
import path from 'node:path';
import type { Run } from '@concord/canonical';
import { bookFaults, ok, readBooks, runCounts, waitUntil, type Books } from '@concord/testing';
import { runIdOf, testGateway, type TestGateway } from '../fixtures/gateway.js';
import { testData } from '../fixtures/test-data.js';

const folder = testData('fhir-synthea-r4-2019');
const journey = folder ? describe : describe.skip;
if (!folder) console.log('skipped: the Synthea bundles are not here (set CONCORD_TEST_DATA)');

interface Bundle {
  readonly entry: {
    readonly resource: { readonly resourceType: string; readonly id: string; readonly status?: string };
  }[];
}

journey('the encounters of 45 Synthea patients', () => {
  let gateway: TestGateway;
  let before: Books;
  const bundles = fs
    .readdirSync(folder ?? '.')
    .filter((name) => folder && name.endsWith('.json'))
    .map((name) => JSON.parse(fs.readFileSync(path.join(folder!, name), 'utf8')) as Bundle);
  const finished = bundles.flatMap(({ entry }) =>
    entry.flatMap(({ resource }) =>
      resource.resourceType === 'Encounter' && resource.status === 'finished' ? [resource.id] : [],
    ),
  );

  const books = () => readBooks(gateway.host.platform.database);
  const settled = () =>
    waitUntil(
      'all runs to end',
      async () => {
        const runs = await runCounts(gateway.operations);
        return (runs['completed'] ?? 0) + (runs['parked'] ?? 0) >= finished.length && !runs['queued'] && runs;
      },
      { withinMs: 120_000, everyMs: 200 },
    );

  beforeAll(async () => {
    gateway = await testGateway();
    before = await books();
  });

  afterAll(() => gateway?.stop());

  it('are all accounted for, and at least 95 % are posted', async () => {
    expect(finished).toHaveLength(630);
    for (const bundle of bundles) ok(await gateway.send(bundle));
    await settled();
    const posted: string[] = [];
    for (const encounterId of finished) {
      const run = ok(await gateway.operations.get<Run>(`/experience/operations/v1/runs/${runIdOf(encounterId)}`));
      if (run.status === 'completed') posted.push(encounterId);
      else expect([run.status, (await gateway.exceptions(encounterId)).length]).toEqual(['parked', 1]);
    }
    expect(posted.length / finished.length).toBeGreaterThanOrEqual(0.95);
    const all = await books();
    const complete = new Set(posted);
    const ofPosted = { ...all, journal: all.journal.filter(({ reference }) => complete.has(reference)) };
    expect(bookFaults(ofPosted, posted, before)).toEqual([]);
  }, 240_000);

  it('change nothing when they are sent again', async () => {
    const before = await books();
    for (const bundle of bundles) ok(await gateway.send(bundle));
    await settled();
    const after = await books();
    expect(after.journal.length).toBe(before.journal.length);
    expect(after.claims.length).toBe(before.claims.length);
    expect([...after.levels]).toEqual([...before.levels]);
  });
});
