import { bookFaults, encounterBundle, ok, readBooks, type Books } from '@concord/testing';
import { testGateway, type TestGateway } from '../fixtures/gateway.js';

const DOWN = { operation: '*', kind: 'unavailable', times: 1_000_000 } as const;

describe('a finished encounter', () => {
  let gateway: TestGateway;
  let before: Books;
  const finished: string[] = [];

  const books = () => readBooks(gateway.host.platform.database);
  const entriesOf = async (encounterId: string) =>
    (await books()).journal.filter(({ reference }) => reference === encounterId);

  /** Sends an encounter that will be posted, and remembers it for the audit at the end. */
  const send = async (seed: string, wishes: Parameters<typeof encounterBundle>[1] = {}) => {
    const sent = encounterBundle(seed, wishes);
    ok(await gateway.send(sent.bundle));
    finished.push(sent.encounterId);
    return sent;
  };

  const addToCrosswalk = (crosswalk: string, system: string, code: string, target: string) =>
    gateway.operations
      .post('/experience/operations/v1/crosswalk-entries', { crosswalk, system, code, target })
      .then(ok);

  beforeAll(async () => {
    gateway = await testGateway();
    before = await books();
  });

  afterAll(() => gateway?.stop());

  it('becomes charges, a claim, a stock adjustment, labor hours and one balanced posting', async () => {
    const { encounterId } = await send('happy', { procedures: ['288086009'], immunizations: ['140'] });
    const financials = await gateway.financials(encounterId);
    expect(financials.charges.length).toBeGreaterThanOrEqual(3);
    expect(financials.supplies.map(({ itemId }) => itemId).sort()).toEqual([
      'GLOVES',
      'SUTURE-KIT',
      'VAC-FLU',
      'WOUND-DRESSING',
    ]);
    expect(financials.supplies.find(({ itemId }) => itemId === 'VAC-FLU')).toMatchObject({
      quantity: '0.1',
      unit: 'vial',
    });
    expect(financials.labor).toHaveLength(1);
    expect(financials.labor[0]).toMatchObject({ role: 'physician', hours: '0.50' });
    expect(financials.documents.map(({ kind }) => kind)).toEqual([
      'claim',
      'stock-adjustment',
      'labor-allocation',
      'journal-entry',
    ]);
    expect(financials.balanced).toBe(true);
    expect(await entriesOf(encounterId)).toHaveLength(1);
  });

  it('can be found by any number it produced', async () => {
    const { encounterId } = await send('findable');
    const { documents } = await gateway.financials(encounterId);
    for (const { number } of documents) {
      const path = `/experience/operations/v1/runs?number=${number}`;
      const { items } = ok(await gateway.operations.get<{ items: { key: string }[] }>(path));
      expect(items.map(({ key }) => key)).toEqual([encounterId]);
    }
  });

  it('is posted once when the same message comes twice, and twenty times at once', async () => {
    const { encounterId, bundle } = await send('twice');
    await gateway.run(encounterId, 'completed');
    const again = ok(await gateway.send(bundle)) as { encounters: { status: string }[] };
    expect(again.encounters.map(({ status }) => status)).toEqual(['unchanged']);
    const twin = encounterBundle('twenty');
    finished.push(twin.encounterId);
    const answers = await Promise.all(Array.from({ length: 20 }, () => gateway.send(twin.bundle)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(202));
    await gateway.run(twin.encounterId, 'completed');
    expect(await entriesOf(encounterId)).toHaveLength(1);
    expect(await entriesOf(twin.encounterId)).toHaveLength(1);
  });

  it('stops at an unknown service code, goes on elsewhere, and ends once a steward has said what the code is', async () => {
    const { encounterId } = await send('unknown-service', { procedures: ['999000111'] });
    const parked = await gateway.run(encounterId, 'parked');
    const [exception] = await gateway.exceptions(encounterId);
    expect(exception).toMatchObject({
      step: 'charges',
      owner: 'billing',
      problem: 'unknown-code',
      context: { crosswalk: 'service-code', code: '999000111' },
    });
    expect(Number(exception!.atStake?.amount)).toBeGreaterThan(0);
    expect(parked.steps.find(({ name }) => name === 'journal')).toBeUndefined();

    await addToCrosswalk('service-code', 'http://snomed.info/sct', '999000111', 'CH-VISIT-SYMPTOM');
    const preview = ok(
      await gateway.operations.post<{ writes: { step: string; operation: string }[]; hash: string }>(
        `/experience/operations/v1/exceptions/${exception!.id}/preview`,
        {},
      ),
    );
    expect(preview.writes.map(({ operation }) => operation)).toEqual([
      'createClaim',
      'createStockAdjustment',
      'createLaborAllocation',
      'createJournalEntry',
    ]);
    expect(await entriesOf(encounterId)).toHaveLength(0);
    ok(
      await gateway.operations.post(`/experience/operations/v1/exceptions/${exception!.id}/resolve`, {
        note: 'Crosswalk entry added',
        previewHash: preview.hash,
      }),
    );
    expect((await gateway.financials(encounterId)).balanced).toBe(true);
    expect(await gateway.exceptions(encounterId)).toEqual([]);
  });

  it('keeps claim and hours when an item is unknown, and does not repeat them afterwards', async () => {
    const supplies = [{ item: 'MYSTERY-ITEM', quantity: 1, unit: 'each' }];
    const { encounterId } = await send('unknown-item', { supplies });
    const parked = await gateway.run(encounterId, 'parked');
    const done = parked.steps.filter(({ name, status }) => ['claim', 'hours'].includes(name) && status === 'done');
    expect(done).toHaveLength(2);
    const [exception] = await gateway.exceptions(encounterId);
    expect(exception).toMatchObject({ step: 'supplies', owner: 'supply', context: { code: 'MYSTERY-ITEM' } });

    await addToCrosswalk('supply-code', 'urn:concord:item', 'MYSTERY-ITEM', 'WOUND-DRESSING');
    const preview = ok(
      await gateway.operations.post<{ writes: { operation: string }[] }>(
        `/experience/operations/v1/exceptions/${exception!.id}/preview`,
        {},
      ),
    );
    expect(preview.writes.map(({ operation }) => operation)).toEqual(['createStockAdjustment', 'createJournalEntry']);
    const note = { note: 'Item named' };
    ok(await gateway.operations.post(`/experience/operations/v1/exceptions/${exception!.id}/resolve`, note));
    await gateway.run(encounterId, 'completed');
    const { claims } = await books();
    expect(claims.filter(({ encounter_id }) => encounter_id === encounterId)).toHaveLength(1);
  });

  it('stops at a unit that its item does not have', async () => {
    const supplies = [{ item: 'GLOVES', quantity: 2, unit: 'handful' }];
    const { encounterId } = await send('unknown-unit', { supplies });
    await gateway.run(encounterId, 'parked');
    const [exception] = await gateway.exceptions(encounterId);
    expect(exception).toMatchObject({
      step: 'supplies',
      owner: 'supply',
      context: { crosswalk: 'unit', code: 'handful' },
    });
    await addToCrosswalk('unit', 'http://unitsofmeasure.org', 'handful', 'pair');
    const note = { note: 'Unit named' };
    ok(await gateway.operations.post(`/experience/operations/v1/exceptions/${exception!.id}/resolve`, note));
    const { supplies: used } = await gateway.financials(encounterId);
    expect(used.find(({ itemId }) => itemId === 'GLOVES')).toMatchObject({ quantity: '0.02', unit: 'box' });
  });

  it('waits while the ERP is down, and is posted when it is back', async () => {
    await gateway.fault('erp', DOWN);
    const sent = await Promise.all(Array.from({ length: 40 }, (_, i) => send(`outage-${i}`)));
    const last = sent.at(-1)!;
    await gateway.run(last.encounterId, 'waiting');
    await gateway.fault('erp');
    for (const { encounterId } of sent) await gateway.run(encounterId, 'completed');
  });

  it('finds a posting again whose reply was lost', async () => {
    await gateway.fault('erp', { operation: 'createJournalEntry', kind: 'reply-lost', times: 2 });
    const { encounterId } = await send('reply-lost');
    expect((await gateway.financials(encounterId)).balanced).toBe(true);
    expect(await entriesOf(encounterId)).toHaveLength(1);
  });

  it('is reversed and posted anew when it is corrected after posting', async () => {
    const { encounterId, bundle } = await send('corrected', { procedures: ['288086009'] });
    const before = await gateway.financials(encounterId);
    const corrected = encounterBundle('corrected', { procedures: ['288086009', '127783003'] });
    const start = bundle.entry.find(({ resource }) => resource.resourceType === 'Encounter');
    const entry = corrected.bundle.entry.map((one) => (one.resource.resourceType === 'Encounter' ? start : one));
    ok(await gateway.send({ ...corrected.bundle, entry }));
    const after = await waitForChange(() => gateway.financials(encounterId), before.gross.amount);
    expect(Number(after.gross.amount)).toBeGreaterThan(Number(before.gross.amount));
    expect(after.balanced).toBe(true);
    const entries = await entriesOf(encounterId);
    expect(entries).toHaveLength(3);
    expect(entries.filter(({ reverses }) => reverses)).toHaveLength(1);
    const run = await gateway.run(encounterId, 'completed');
    expect(run.steps.find(({ name }) => name === 'stock')?.attempts).toBe(1);
  });

  it('is taken back when the EHR cancels it', async () => {
    const { encounterId, bundle } = encounterBundle('cancelled');
    ok(await gateway.send(bundle));
    await gateway.financials(encounterId);
    const cancelled = structuredClone(bundle) as { entry: { resource: { resourceType: string; status?: string } }[] };
    for (const { resource } of cancelled.entry) {
      if (resource.resourceType === 'Encounter') resource.status = 'entered-in-error';
    }
    ok(await gateway.send(cancelled));
    await gateway.run(encounterId, 'undone');
    const entries = await entriesOf(encounterId);
    expect(entries).toHaveLength(2);
    expect(entries.filter(({ reverses }) => reverses)).toHaveLength(1);
  });

  it('leaves books that a stranger can audit', async () => {
    for (const encounterId of finished) await gateway.run(encounterId, 'completed');
    const all = await books();
    const known = new Set(finished);
    const ours = { ...all, journal: all.journal.filter(({ reference }) => known.has(reference)) };
    expect(bookFaults(ours, finished, before)).toEqual([]);
  });
});

async function waitForChange<T extends { gross: { amount: string } }>(ask: () => Promise<T>, from: string): Promise<T> {
  for (let tries = 0; tries < 200; tries += 1) {
    const answer = await ask();
    if (answer.gross.amount !== from) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('nothing changed');
}
