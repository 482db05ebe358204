import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Run } from '@concord/canonical';
import { bookFaults, encounterBundle, freePort, readBooks, waitUntil, type Books } from '@concord/testing';
import { SimulatorClock } from '../../apps/simulators/src/clock.js';
import { startEhrSimulator, type EhrSimulator } from '../../apps/simulators/src/ehr/ehr.js';
import { Faults } from '../../apps/simulators/src/faults.js';
import { runIdOf, testGateway, type TestGateway } from '../fixtures/gateway.js';
import { testData } from '../fixtures/test-data.js';

describe('a finished encounter of an EHR that speaks FHIR over its own API', () => {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'concord-fhir-ehr-'));
  const clock = new SimulatorClock();
  const faults = new Faults();
  const finished: string[] = [];
  let ehr: EhrSimulator;
  let gateway: TestGateway;
  let before: Books;

  const books = () => readBooks(gateway.host.platform.database);

  /** It happens in the EHR; whatever Concord knows of it, it knows from there. */
  const happens = async (seed: string, wishes: Parameters<typeof encounterBundle>[1] = {}) => {
    const { encounterId, bundle } = encounterBundle(seed, wishes);
    ehr.load(bundle);
    await ehr.idle();
    return encounterId;
  };
  const posted = async (encounterId: string) => {
    await gateway.run(encounterId, 'completed');
    finished.push(encounterId);
    expect((await gateway.financials(encounterId)).balanced).toBe(true);
    expect((await books()).journal.filter(({ reference }) => reference === encounterId)).toHaveLength(1);
  };

  beforeAll(async () => {
    ehr = await startEhrSimulator({ port: 0, clock, faults, dataDir });
    const port = await freePort();
    Object.assign(process.env, {
      CONNECTOR_EHR: 'fhir',
      EHR_FHIR_URL: ehr.url,
      EHR_FHIR_CLIENT: ehr.clientId,
      EHR_FHIR_KEY_FILE: ehr.keyFile,
      EHR_FHIR_HOOK_URL: `http://127.0.0.1:${port}`,
      EHR_FHIR_HOOK_SECRET: 'a secret of this journey only',
      EHR_FHIR_SWEEP_SECONDS: '1',
      EHR_FHIR_SINCE: new Date(Date.now() + 500).toISOString(), // the synthetic clinic's past is not billed here
    });
    gateway = await testGateway({ port });
    before = await books();
  });

  afterAll(async () => {
    await gateway?.stop();
    await ehr?.close();
    fs.rmSync(dataDir, { recursive: true, force: true });
  });

  afterEach(() => faults.clear());

  it('becomes charges, a claim, stock, labor and one balanced posting, once its subscription tells of it', async () => {
    const id = await happens('fhir journey', { procedures: ['288086009'], immunizations: ['140'] });
    await posted(id);
    const { charges, documents } = await gateway.financials(id);
    expect(charges.length).toBeGreaterThanOrEqual(3);
    expect(documents.map(({ kind }) => kind)).toEqual([
      'claim',
      'stock-adjustment',
      'labor-allocation',
      'journal-entry',
    ]);
  });

  it('is posted once when it is told twice, and when what came first is told last', async () => {
    faults.tell({ operation: 'notify', kind: 'duplicate' });
    await posted(await happens('fhir journey twice'));
    faults.tell({ operation: 'notify', kind: 'out-of-order' });
    await happens('fhir journey unordered', { status: 'in-progress' });
    await posted(await happens('fhir journey unordered'));
  });

  it('is posted although nobody told of it', async () => {
    faults.tell({ operation: 'notify', kind: 'lost' });
    await posted(await happens('fhir journey lost'));
  });

  it.each(['rate-limited', 'malformed', 'reset', 'reply-lost'] as const)(
    'is posted although the EHR has a bad moment: %s',
    async (kind) => {
      faults.tell({ operation: 'search', kind, times: 2, retryAfter: 1 });
      await posted(await happens(`fhir journey ${kind}`));
    },
  );

  it('of the Synthea patients is posted or parked, each', async () => {
    const folder = testData('fhir-synthea-r4-2019');
    if (!folder) return console.log('skipped: the Synthea bundles are not here (set CONCORD_TEST_DATA)');
    const [file = ''] = fs.readdirSync(folder).filter((name) => name.startsWith('Florentino'));
    const bundle = JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8')) as {
      entry: { resource: { resourceType: string; id: string } }[];
    };
    ehr.load(bundle);
    await ehr.idle();
    const encounters = bundle.entry.flatMap(({ resource }) =>
      resource.resourceType === 'Encounter' ? [resource.id] : [],
    );
    expect(encounters.length).toBeGreaterThan(0);
    const isOver = async (id: string) => {
      const run = await gateway.operations.get<Run>(`/experience/operations/v1/runs/${runIdOf(id)}`);
      return run.status === 200 && ['completed', 'parked'].includes(run.body.status) && run.body.status;
    };
    for (const id of encounters) {
      const status = await waitUntil(`the run of ${id} to end`, () => isOver(id));
      if (status === 'completed') await posted(id);
      else expect(await gateway.exceptions(id)).toHaveLength(1);
    }
  });

  it('leaves books that balance, with every stock and hour accounted for', async () => {
    expect(bookFaults(await books(), finished, before)).toEqual([]);
  });
});
