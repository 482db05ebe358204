import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Encounter } from '@concord/canonical';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { encounterOf } from '../encounter.mapping.js';
import type { Change } from '../record.js';
import { changesOf } from './fhir.changes.js';

// Synthea's R4 sample of 2019 and a bulk export of 2025 (Apache-2.0), which are not part of this repository.
const ROOT = process.env['CONCORD_TEST_DATA'] ?? join(import.meta.dirname, '../../../../../..', 'shared', 'data');
const present = existsSync(join(ROOT, 'fhir-synthea-r4-2019'));
const suite = present ? describe : describe.skip;
const skipped = present ? '' : ' (skipped: point CONCORD_TEST_DATA at the test data)';

const filesOf = (folder: string) =>
  present ? readdirSync(join(ROOT, folder)).map((file) => join(ROOT, folder, file)) : [];

/** The encounters that changes amount to. */
function encountersOf(changes: readonly Change[]) {
  const parts = new Map<string, object[]>();
  for (const { encounterId, body } of changes) {
    if (encounterId !== undefined && body) parts.set(encounterId, [...(parts.get(encounterId) ?? []), body]);
  }
  return [...parts].map(([id, own]) => encounterOf({ id, parts: own, mentioned: new Map() }));
}

function countsOf(words: readonly (string | undefined)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word ?? 'none'] = (counts[word ?? 'none'] ?? 0) + 1;
  return counts;
}

const faultsOf = (encounter: object | undefined) =>
  validateSync(
    plainToInstance(Encounter, { ...encounter, version: 1, revision: '1', changedAt: '2026-01-01T00:00:00Z' }),
    {
      whitelist: true,
      forbidNonWhitelisted: true,
    },
  );

suite(`The Synthea patients of 2019${skipped}`, () => {
  const encounters = filesOf('fhir-synthea-r4-2019').flatMap((file) =>
    encountersOf(changesOf(JSON.parse(readFileSync(file, 'utf8')))),
  );

  it('have 630 encounters that are what finance was promised', () => {
    expect(encounters).toHaveLength(630);
    expect(encounters.flatMap(faultsOf)).toEqual([]);
    expect(countsOf(encounters.map((one) => one?.status))).toEqual({ finished: 630 });
    expect(countsOf(encounters.map((one) => one?.class))).toEqual({ ambulatory: 591, emergency: 34, inpatient: 5 });
    expect(countsOf(encounters.map((one) => one?.codingStatus))).toEqual({ complete: 630 });
    expect(countsOf(encounters.map((one) => one?.serviceProvider.system))).toEqual({ 'urn:uuid': 630 });
    expect(countsOf(encounters.map((one) => `${one?.clinicians.length}`))).toEqual({ 0: 4, 1: 626 });
  });

  it('were given each service and each dose once', () => {
    const kinds = encounters.flatMap((one) => one?.services.map(({ kind }) => kind));
    expect(countsOf(kinds)).toEqual({ visit: 630, immunization: 546, procedure: 232 });
    expect(countsOf(encounters.flatMap((one) => one?.supplies.map(({ unit }) => unit)))).toEqual({ '{dose}': 546 });
    expect(encounters.flatMap((one) => one?.diagnoses)).toHaveLength(204);
  });

  it('are paid for by somebody whom the record names', () => {
    const payers = countsOf(encounters.map((one) => one?.payer));
    expect(Object.keys(payers).sort()).toEqual(['medicaid', 'medicare', 'no_insurance', 'private']);
  });

  it('name nobody', () => {
    const names = filesOf('fhir-synthea-r4-2019').flatMap(
      (file) => /([^/_]+)_([^/_]+)_[^/_]+\.json$/.exec(file)?.slice(1) ?? [],
    );
    const text = JSON.stringify(encounters).toLowerCase();
    expect(names.filter((name) => text.includes(`"${name.toLowerCase()}`))).toEqual([]);
  });
});

suite(`The bulk export of 2025${skipped}`, () => {
  it('maps without a fault, with clinicians that are only named by their number', () => {
    const resources = filesOf('fhir-bulk-10-patients-2025').flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as object),
    );
    const bundle = { resourceType: 'Bundle', type: 'collection', entry: resources.map((resource) => ({ resource })) };
    const encounters = encountersOf(changesOf(bundle));
    expect(encounters).toHaveLength(1215);
    expect(encounters.flatMap(faultsOf)).toEqual([]);
    expect(countsOf(encounters.flatMap((one) => one?.services.map(({ kind }) => kind)))).toMatchObject({
      procedure: 2056,
    });
    const minutes = encounters.flatMap((one) => one?.clinicians.map((clinician) => clinician.minutes) ?? []);
    expect(minutes).toHaveLength(1215);
    const LONGEST_STAY_DAYS = 27;
    expect(Math.max(...minutes)).toBe(LONGEST_STAY_DAYS * 60);
  });
});
