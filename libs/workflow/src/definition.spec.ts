import { Problem } from '@concord/canonical';
import * as fc from 'fast-check';
import { nextTry } from './backoff.js';
import { corrected } from './correction.js';
import type { Effect } from './definition.js';
import { drawWorkflow } from './draw.js';
import { asStored, fingerprint } from './fingerprint.js';
import { visitToBooks } from './fixture/visit-to-books.js';
import { workflow } from './builder.js';

class Event {
  static readonly type = 'test.event.v1';
  id!: string;
}

const begin = () => workflow<{ api: object }>()('small', Event, { key: ({ id }) => id, summary: 'Small' });
const nothing = undefined as unknown as Effect<{ id: string; number: string }>;

describe('a workflow', () => {
  test('has no two nodes of one name, and none that is named as something else', () => {
    expect(() =>
      begin()
        .rule('a', () => 1)
        .rule('a', () => 2),
    ).toThrow('small has two nodes named a');
    expect(() => begin().rule('event', () => 1)).toThrow('small has a node named event');
  });

  test('writes what leaves it from figures, never from what was read', () => {
    const read = begin().read('person', () => ({ name: 'Synthetic' }));
    read.rule('initial', ({ person }) => person.name[0]);
    // @ts-expect-error a step cannot name a read
    read.step('letter', ({ person }) => (person ? nothing : undefined), { undo: () => nothing });
    // @ts-expect-error nor can an announcement
    read.announce(Event, ({ person }) => ({ id: person.name }));
    expect(read.definition.nodes).toHaveLength(1);
  });

  test('is drawn with its nodes, and an arrow to each from those that it uses', () => {
    expect(drawWorkflow(visitToBooks().definition)).toBe(`flowchart TD
  event>"test.visit.ended.v1"]
  node_visit[/"read: visit"/]
  node_charges("rule: charges")
  node_supplies("rule: supplies")
  node_claim["step: claim"]
  node_stock["step: stock"]
  node_journal["step: journal"]
  event --> node_visit
  node_visit --> node_charges
  node_visit --> node_supplies
  event --> node_claim
  node_charges --> node_claim
  node_supplies --> node_stock
  node_charges --> node_journal
  node_supplies --> node_journal
  node_claim --> node_journal
  node_stock --> node_journal
  done>"test.visit.booked.v1"]
  node_journal --> done
`);
  });
});

describe('a fingerprint', () => {
  test('is the same for what was stored and read back, in whatever order its members come', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const backwards = Object.fromEntries(Object.entries(value).reverse());
        expect(fingerprint(asStored(backwards))).toBe(fingerprint(value));
      }),
    );
    expect(fingerprint({ at: new Date(0), none: undefined })).toBe(fingerprint({ at: '1970-01-01T00:00:00.000Z' }));
  });

  test('is another one for another value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const same = JSON.stringify(asStored(one)) === JSON.stringify(asStored(other));
        if (!same && typeof one !== 'object') expect(fingerprint(one)).not.toBe(fingerprint(other));
      }),
    );
    expect(fingerprint([1, 2])).not.toBe(fingerprint([2, 1]));
  });
});

describe('a correction', () => {
  test('changes the member that it points at, and nothing of what was read', () => {
    const read = { services: [{ 'a/b': '140', count: 1, done: false }] };
    const corrections = [
      { read: 'x', pointer: '/services/0/a~1b', value: '141' },
      { read: 'x', pointer: '/services/0/count', value: '2.5' },
      { read: 'x', pointer: '/services/0/done', value: 'true' },
    ];
    expect(corrected(read, corrections)).toEqual({ services: [{ 'a/b': '141', count: 2.5, done: true }] });
    expect(read.services[0]!.count).toBe(1);
  });

  test.each(['/services', '/services/1/x', '/constructor/name', '/services/length/x'])(
    'does not fit at %s',
    (pointer) => {
      expect(() => corrected({ services: [] }, [{ read: 'x', pointer, value: '1' }])).toThrow(Problem);
    },
  );
});

test('a wait doubles up to a minute, and the earliest moment counts', () => {
  const now = new Date(0);
  const waits = [1, 2, 3, 20].map((attempts) => nextTry([{ api: 'system/erp' }], attempts, now, 1).getTime());
  expect(waits).toEqual([1000, 2000, 4000, 60_000]);
  expect(nextTry([{ api: 'system/erp' }], 1, now, 0).getTime()).toBe(500);
  expect(nextTry([{ api: 'system/erp', retryAfter: 30 }], 1, now, 1).getTime()).toBe(30_000);
  expect(nextTry([{ until: new Date(700) }, { api: 'system/erp' }], 1, now, 1).getTime()).toBe(700);
});
