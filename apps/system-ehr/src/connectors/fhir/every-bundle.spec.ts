/** Every FHIR bundle maps: Synthea's transactions as they are sent, and an export through the Bulk Data of the simulated EHR. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Encounter, Resource } from '@medplum/fhirtypes';
import { sql } from 'kysely';
import { createDatabase, migrate, openDatabase, startPostgres } from '@concord/database';
import { eventMigrations, EventLog, Vault } from '@concord/events';
import { lookupIn, readFhir, targetOf, type FhirUpsert } from '@concord/fhir';
import { FaultInjection } from '@concord/resilience';
import { waitUntil } from '@concord/testing';
import { SimulatorClock } from '../../../../simulators/src/clock.js';
import { startEhrSimulator } from '../../../../simulators/src/ehr/ehr.js';
import { Faults } from '../../../../simulators/src/faults.js';
import type { EhrKind } from '../../resources.js';
import { changesOf } from './fhir.changes.js';
import { FhirConfig } from './fhir.config.js';
import { FhirConnector } from './fhir.connector.js';
import { encounterFromFhir } from './fhir.mapping.js';
import { fromFhir, KINDS } from './kinds.js';
import { withLosses } from './losses.js';

// Synthea's R4 sample of 2019 and a bulk export of 2025 (Apache-2.0), which are not part of this repository.
const ROOT = process.env['CONCORD_TEST_DATA'] ?? join(import.meta.dirname, '../../../../../..', 'shared', 'data');
const SYNTHEA = join(ROOT, 'fhir-synthea-r4-2019');
const BULK = join(ROOT, 'fhir-bulk-10-patients-2025');
const present = existsSync(SYNTHEA) && existsSync(BULK);
if (!present) console.log('skipped: the FHIR bundles are not here (set CONCORD_TEST_DATA)');
const suite = present ? describe : describe.skip;

interface Count {
  resources: number;
  mapped: number;
  readonly lost: Map<string, number>;
}

const counts = new Map<string, Count>();

function note(type: string, isMapped: boolean, lost: readonly string[]): void {
  const count = counts.get(type) ?? { resources: 0, mapped: 0, lost: new Map<string, number>() };
  counts.set(type, count);
  count.resources += 1;
  if (isMapped) count.mapped += 1;
  for (const name of lost) count.lost.set(name, (count.lost.get(name) ?? 0) + 1);
}

/** A line for each type: how many, how many of them mapped, and what most of them lost. */
function table(): string {
  const lines = [...counts].sort().map(([type, { resources, mapped, lost }]) => {
    const most = [...lost].sort((a, b) => b[1] - a[1]).slice(0, 6);
    const losses = most.map(([name, count]) => `${name.slice(type.length + 1)} ${count}`).join(', ');
    return `${type.padEnd(26)} ${String(resources).padStart(6)} ${String(mapped).padStart(7)}   ${losses}`;
  });
  return [`${'resource'.padEnd(26)}  count  mapped   lost, by element`, ...lines].join('\n');
}

const kindOf = (type: string): EhrKind | undefined =>
  (Object.keys(KINDS) as EhrKind[]).find((kind) => (KINDS[kind].types as readonly string[]).includes(type));

/** Maps each resource of a bundle on its own, and each encounter with what belongs to it. */
function mapAll(json: unknown): string[] {
  const input = readFhir(json);
  const upserts = input.resources.filter((change): change is FhirUpsert => change.operation === 'upsert');
  const lookup = lookupIn(input);
  const parts = new Map<string, Resource[]>();
  for (const { encounterId, body } of changesOf(json)) {
    if (encounterId !== undefined && body)
      parts.set(encounterId, [...(parts.get(encounterId) ?? []), body as Resource]);
  }
  const unmapped: string[] = [];
  for (const { resource } of upserts) {
    if (resource.resourceType === 'Encounter') {
      const own = parts.get(resource.id) ?? [resource];
      const { result, lost } = withLosses(own, (watched) => {
        const encounter = watched.find((one): one is Encounter => one.resourceType === 'Encounter')!;
        const others = watched.filter((one) => one !== encounter);
        return encounterFromFhir(resource.id, encounter, others, new Map());
      });
      if (result.status !== 'finished' || result.startedAt === undefined) unmapped.push(resource.id);
      note(
        'Encounter',
        true,
        lost.filter((name) => name.startsWith('Encounter.') && name !== 'Encounter.id'),
      );
      continue;
    }
    const kind = kindOf(resource.resourceType);
    if (!kind) {
      note(resource.resourceType, false, []);
      continue;
    }
    const context = { lookup: (name: string) => (targetOf(name) ? lookup(name) : undefined) };
    const { result, lost } = withLosses([resource], ([watched]) => fromFhir(kind, watched!, context));
    note(resource.resourceType, result !== undefined, lost);
  }
  return unmapped;
}

suite('Every FHIR bundle', () => {
  it('maps, and each mapping says what it loses', () => {
    const bundles = readdirSync(SYNTHEA).map(
      (file) => JSON.parse(readFileSync(join(SYNTHEA, file), 'utf8')) as unknown,
    );
    expect(bundles.flatMap(mapAll)).toEqual([]);
    console.log(`Synthea 2019, transactions\n${table()}`);
    expect(counts.get('Encounter')).toMatchObject({ resources: 630, mapped: 630 });
    expect(counts.get('Procedure')).toMatchObject({ resources: 232, mapped: 232 });
    expect(counts.get('Immunization')).toMatchObject({ resources: 546, mapped: 546 });
    expect(counts.get('MedicationRequest')).toMatchObject({ resources: 146, mapped: 146 });
  });

  it('of a bulk export is taken in through Bulk Data, file by file, and goes on where it was cut off', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'concord-bulk-'));
    const clock = new SimulatorClock();
    const faults = new Faults();
    const postgres = await startPostgres({ dataDir, log: () => undefined });
    const database = openDatabase(await createDatabase(postgres.url, 'bulk'));
    const sim = await startEhrSimulator({ port: 0, clock, faults, dataDir: join(dataDir, 'sim'), resources: [] });
    for (const file of readdirSync(BULK)) {
      for (const line of readFileSync(join(BULK, file), 'utf8').split('\n').filter(Boolean)) {
        sim.record.put(JSON.parse(line) as Resource & { id: string });
      }
    }
    const vault = Vault.fromSecret(Buffer.alloc(32, 7).toString('base64'));
    const now = () => clock.now();
    await migrate(database, 'events', eventMigrations);
    const events = new EventLog(database, vault, { clock: now, rawRetentionDays: 30 });
    const config = Object.assign(new FhirConfig(), {
      url: sim.url,
      keyFile: sim.keyFile,
      bulk: true,
      sweepSeconds: 3600,
    });
    const ehr = new FhirConnector({ database, vault, events, clock: now, faults: new FaultInjection() }, config);
    try {
      faults.tell({ operation: 'export-file', kind: 'reply-lost' });
      await ehr.onModuleInit();
      const taken = async () => {
        await ehr.work();
        const { rows } = await sql<{ n: number }>`select count(*)::int as n from fhir_ehr.encounter`.execute(database);
        return sim.openExports() === 0 && rows[0]!.n > 0 && rows[0]!.n;
      };
      const count = await waitUntil('the export to be taken in', taken, { withinMs: 100_000, everyMs: 200 });
      expect(count).toBe(1215);
      const page = await ehr.listEncounters({ page_size: 500 });
      expect(page.items.every(({ serviceProvider }) => serviceProvider.value !== 'UNSTATED')).toBe(true);
      const completed = (await events.after(0, 100_000)).filter(({ type }) => type.includes('completed'));
      expect(completed).toHaveLength(1215);
      const staged = await sql<{ n: number }>`select count(*)::int as n from fhir_ehr.staged`.execute(database);
      expect(staged.rows[0]!.n).toBe(0);
      console.log(
        `Bulk export 2025: ${sim.record.typesHeld().length} types, ${count} encounters, ${completed.length} events`,
      );
    } finally {
      await ehr.onApplicationShutdown();
      await sim.close();
      await database.destroy();
      await postgres.stop();
      rmSync(dataDir, { recursive: true });
    }
  });
});
