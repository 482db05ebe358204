import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { encounterIdOf, type FhirInput, isFinished, lookupIn, readFhir, resourcesOf, targetOf } from './index.js';

// Synthea's R4 sample of 2019 and a bulk export of 2025 (Apache-2.0), which are not part of this repository.
const ROOT = process.env['CONCORD_TEST_DATA'] ?? join(import.meta.dirname, '../../../../..', 'shared', 'data');
const present = existsSync(join(ROOT, 'fhir-synthea-r4-2019'));
const suite = present ? describe : describe.skip;
const skipped = present ? '' : ' (skipped: point CONCORD_TEST_DATA at the test data)';

const jsonOf = (path: string): unknown => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));

const countOf = (things: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const thing of things) counts[thing] = (counts[thing] ?? 0) + 1;
  return counts;
};

/** Every literal reference below a node. */
function referencesIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) =>
    name === 'reference' && typeof value === 'string' ? [value] : referencesIn(value),
  );
}

suite(`the Synthea patients of 2019${skipped}`, () => {
  const files = present
    ? readdirSync(join(ROOT, 'fhir-synthea-r4-2019')).map((file) => `fhir-synthea-r4-2019/${file}`)
    : [];
  const inputs: FhirInput[] = files.map((file) => readFhir(jsonOf(file)));
  const resources = inputs.flatMap((input) => input.resources.map(({ resource }) => resource));

  it('all read, and none of their resources is lost', () => {
    expect(files).toHaveLength(47);
    expect(new Set(inputs.map(({ form }) => form))).toEqual(new Set(['transaction']));
    const entries = files.flatMap(
      (file) => (jsonOf(file) as { entry: { resource: { resourceType: string } }[] }).entry,
    );
    const counts = countOf(resources.map(({ resourceType }) => resourceType));
    expect(counts).toEqual(countOf(entries.map(({ resource }) => resource.resourceType)));
    expect(counts).toMatchObject({
      Patient: 45,
      Encounter: 630,
      Claim: 776,
      ExplanationOfBenefit: 630,
      Observation: 3572,
      Procedure: 232,
      Condition: 204,
      Immunization: 546,
      MedicationRequest: 146,
    });
  });

  it('have finished encounters only', () => {
    const encounters = inputs.flatMap((input) => resourcesOf(input, 'Encounter'));
    expect(encounters.every(isFinished)).toBe(true);
    expect(countOf(encounters.map((encounter) => encounter.class.code ?? ''))).toEqual({ AMB: 591, EMER: 34, IMP: 5 });
  });

  it('refer to nothing that is not there', () => {
    const lost = inputs.flatMap((input) => {
      const lookup = lookupIn(input);
      const references = input.resources.flatMap(({ resource }) => referencesIn(resource));
      return references.filter((reference) => !reference.startsWith('#') && lookup(reference) === undefined);
    });
    expect(lost).toEqual([]);
  });

  it('say of every service and claim which encounter it belongs to', () => {
    const types = ['Procedure', 'Immunization', 'Condition', 'Observation', 'Claim', 'ExplanationOfBenefit'] as const;
    const homeless = inputs.flatMap((input) => {
      const lookup = lookupIn(input);
      const services = types.flatMap((type) => resourcesOf(input, type));
      return services.filter((service) => lookup(`Encounter/${encounterIdOf(service)}`)?.resourceType !== 'Encounter');
    });
    expect(homeless).toEqual([]);
  });
});

suite(`the bulk export of 2025${skipped}`, () => {
  const folder = 'fhir-bulk-10-patients-2025';
  const linesOf = (file: string): string[] =>
    readFileSync(join(ROOT, folder, file), 'utf8')
      .split('\n')
      .filter(Boolean);
  const files = present ? readdirSync(join(ROOT, folder)) : [];

  it('reads line by line, with its conditional references kept', () => {
    const read = files.flatMap(linesOf).map((line) => readFhir(JSON.parse(line)));
    const resources = read.flatMap((input) => input.resources.map(({ resource }) => resource));
    expect(countOf(resources.map(({ resourceType }) => resourceType))).toMatchObject({
      Encounter: 1215,
      Procedure: 2056,
    });
    const conditional = resources.flatMap(referencesIn).filter((reference) => reference.includes('?'));
    expect(conditional.length).toBeGreaterThan(1000);
    expect(conditional.map(targetOf).every((target) => target === undefined)).toBe(true);
  });
});
