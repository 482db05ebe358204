import fc from 'fast-check';
import type { NodeState, NodeStates } from './ledger-tables.js';
import { movedSince } from './node-states.js';

const states: fc.Arbitrary<NodeStates> = fc.dictionary(
  fc.constantFrom('charges', 'claim', 'stock', 'hours', 'journal'),
  fc.record<NodeState>({
    status: fc.constantFrom('done', 'waiting', 'parked'),
    value: fc.jsonValue(),
    revision: fc.nat(),
    attempts: fc.nat(),
    at: fc.constant('2026-11-21T08:00:00.000Z'),
  }),
);

test('what moved since a pass began, laid over what it began with, is what stands', () => {
  fc.assert(
    fc.property(states, states, (begun, changes) => {
      const now = { ...begun, ...changes };
      expect({ ...begun, ...movedSince(begun, now) }).toEqual(now);
    }),
  );
});

test('nothing is written again that did not change, and all of it where a node is gone', () => {
  const [figures, claim]: NodeState[] = [
    { status: 'done', value: { gross: '225.00' }, revision: 0, attempts: 0, at: '2026-11-21T08:00:00.000Z' },
    { status: 'done', value: { id: 'CLM-000007' }, revision: 0, attempts: 1, at: '2026-11-21T08:00:01.000Z' },
  ] as const;
  expect(movedSince({ charges: figures }, { charges: figures, claim })).toEqual({ claim });
  expect(movedSince({ charges: figures, claim }, { charges: figures })).toBeUndefined();
});
