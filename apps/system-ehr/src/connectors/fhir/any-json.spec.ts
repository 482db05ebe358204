import { Problem } from '@concord/canonical';
import { encounterBundle } from '@concord/testing';
import fc from 'fast-check';
import { encounterOf } from '../encounter.mapping.js';
import { changesOf } from './fhir.changes.js';

const SECRET = 'TESTPERSON';
const { bundle } = encounterBundle('any', {
  procedures: ['73761001'],
  supplies: [{ item: 'GAUZE', quantity: 1, unit: 'each' }],
});
const coverage = {
  resourceType: 'Coverage',
  id: 'c',
  beneficiary: { reference: 'Patient/p' },
  payor: [{ display: 'x' }],
};
const condition = {
  resourceType: 'Condition',
  id: 'd',
  code: {},
  verificationStatus: { coding: [{ code: 'confirmed' }] },
};
const valid: unknown = {
  ...bundle,
  entry: [
    ...bundle.entry,
    ...[coverage, condition].map((resource) => ({ resource, request: { method: 'PUT', url: 'x' } })),
  ],
};

/** Where there is a value: each pointer below a node. */
const placesIn = (node: unknown, at: readonly string[] = []): string[][] =>
  typeof node === 'object' && node !== null
    ? Object.entries(node).flatMap(([name, value]) => [[...at, name], ...placesIn(value, [...at, name])])
    : [];

function replaced(node: unknown, [name, ...below]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value;
  const copy = (Array.isArray(node) ? [...(node as unknown[])] : { ...(node as object) }) as Record<string, unknown>;
  copy[name] = replaced(copy[name], below, value);
  return copy;
}

const wrong = fc.oneof(
  fc.constantFrom(null, SECRET, 7, true, [], {}, [null], [SECRET], [[]], { coding: SECRET }, { reference: [SECRET] }),
  fc.jsonValue(),
);

describe('FHIR with anything anywhere', () => {
  it('is mapped or refused, and a refusal never says what stood there', () => {
    fc.assert(
      fc.property(fc.constantFrom(...placesIn(valid)), wrong, (place, value) => {
        try {
          const changes = changesOf(replaced(valid, place, value));
          const parts = changes.flatMap(({ body }) => body ?? []);
          const mentioned = new Map(changes.flatMap(({ key, body }) => (body ? [[key, body] as const] : [])));
          for (const { encounterId } of changes) if (encounterId) encounterOf({ id: encounterId, parts, mentioned });
        } catch (error) {
          expect(error).toBeInstanceOf(Problem);
          expect(JSON.stringify((error as Problem).toBody())).not.toContain(SECRET);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
