import { randomUUID } from 'node:crypto';
import type { ChangesQuery, NewWorker } from '@concord/canonical';
import type { HcmConnector } from '../../connector.js';
import type { Changeable } from '../../ports/resource.js';
import type { HcmTarget } from './target.js';
import type { Versioned } from '../record/kind.js';

type Changes = Changeable<Versioned, ChangesQuery, object, object>;

export const newWorker = ({ facility, orgUnit, costCenter }: HcmTarget, more: Partial<NewWorker> = {}): NewWorker => ({
  name: 'Yew Testworker',
  role: 'nurse',
  jobTitle: 'Registered nurse',
  email: `yew.${randomUUID().slice(0, 8)}@example.org`,
  facility,
  orgUnit,
  costCenter,
  startsOn: '2026-01-05',
  personal: { birthDate: '1990-01-15', phone: '+1 555 0100' },
  ...more,
});

interface Case {
  readonly resource: keyof HcmConnector;
  /** Something new of the kind, for a worker of its own where it needs one. */
  readonly fresh: (target: HcmTarget, workerId: string) => object;
  readonly change: object;
  readonly changed: object;
}

const CASES: readonly Case[] = [
  {
    resource: 'workers',
    fresh: (target) => newWorker(target),
    change: { name: 'Yew Renamed', jobTitle: null, personal: { phone: null } },
    changed: { name: 'Yew Renamed', jobTitle: undefined, personal: { birthDate: '1990-01-15' } },
  },
  {
    resource: 'positions',
    fresh: ({ orgUnit, costCenter }) => ({ title: 'Nurse', role: 'nurse', orgUnit, costCenter, fte: '0.50' }),
    change: { status: 'frozen', fte: '1.00' },
    changed: { title: 'Nurse', status: 'frozen', fte: '1.00' },
  },
  {
    resource: 'assignments',
    fresh: ({ orgUnit, costCenter }, workerId) => {
      const startsOn = '2099-01-01';
      return { workerId, startsOn, orgUnit, costCenter, fte: '1.00', reason: 'move' };
    },
    change: { fte: '0.80' },
    changed: { startsOn: '2099-01-01', fte: '0.80' },
  },
  {
    resource: 'orgUnits',
    fresh: ({ orgUnit, costCenter }) => ({ name: 'Night ward', kind: 'unit', parentId: orgUnit, costCenter }),
    change: { name: 'Day ward', costCenter: null },
    changed: { name: 'Day ward', costCenter: undefined, kind: 'unit' },
  },
  {
    resource: 'shifts',
    fresh: ({ facility }, workerId) => ({ workerId, facility, date: '2026-02-03', hours: 8 }),
    change: { hours: 12 },
    changed: { date: '2026-02-03', hours: 12 },
  },
  {
    resource: 'timeEntries',
    fresh: ({ costCenter }, workerId) => {
      return { workerId, date: '2026-02-03', hours: '7.50', payCode: 'regular', costCenter };
    },
    change: { hours: '8.00', payCode: 'overtime' },
    changed: { hours: '8.00', payCode: 'overtime', status: 'entered' },
  },
  {
    resource: 'credentials',
    fresh: (_, workerId) => {
      const known = { issuer: 'Synthetic Board', number: 'SYN-1', issuedOn: '2020-01-01', expiresOn: '2030-01-01' };
      return { workerId, kind: 'license', code: 'RN', ...known, privileges: ['MEDICATE'] };
    },
    change: { expiresOn: null, status: 'suspended', privileges: [] },
    changed: { expiresOn: undefined, status: 'suspended', privileges: [], number: 'SYN-1' },
  },
];

/** What is made is made once, and what is changed is changed by whoever saw what it is. */
export function changeConformance(name: string, target: () => HcmTarget): void {
  describe.each(CASES)(`The ${name} connector, changing $resource`, ({ resource, fresh, change, changed }) => {
    const changes = (): Changes => target().connector[resource] as unknown as Changes;
    const canChange = () => target().connector.capabilities.has('change');
    const refusal = { slug: 'not-supported', context: { capability: 'change' } };

    async function somethingNew(): Promise<object> {
      const { workers } = target().connector;
      const worker = resource === 'workers' ? undefined : await workers.create(randomUUID(), newWorker(target()));
      return fresh(target(), worker?.id ?? '');
    }

    it('makes one when the same business key comes eight times at once, and reads it back', async () => {
      if (!canChange())
        return expect(changes().create('key', fresh(target(), 'W-1001'))).rejects.toMatchObject(refusal);
      const wanted = await somethingNew();
      const key = randomUUID();
      const all = await Promise.all(Array.from({ length: 8 }, () => changes().create(key, wanted)));
      expect(new Set(all.map(({ id }) => id)).size).toBe(1);
      expect(all[0]).toMatchObject(wanted);
      await expect(changes().read(all[0]!.id)).resolves.toEqual(all[0]);
    });

    it('changes what is named, leaves the rest, and has another revision', async () => {
      if (!canChange()) return expect(changes().change('any', change, '1')).rejects.toMatchObject(refusal);
      const made = await changes().create(randomUUID(), await somethingNew());
      const after = await changes().change(made.id, change, made.revision);
      for (const [member, value] of Object.entries(changed))
        expect(member in after ? after[member as never] : undefined).toEqual(value);
      expect(after.revision).not.toBe(made.revision);
      expect(after.changedAt >= made.changedAt).toBe(true);
      await expect(changes().read(made.id)).resolves.toEqual(after);
      await expect(changes().change(made.id, change, made.revision)).rejects.toMatchObject({ slug: 'stale' });
    });

    it('lets one of eight changes win that were decided on the same revision', async () => {
      if (!canChange()) return;
      const made = await changes().create(randomUUID(), await somethingNew());
      const changing = Array.from({ length: 8 }, () => changes().change(made.id, change, made.revision));
      const outcomes = await Promise.allSettled(changing);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const refusals = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
      for (const refused of refusals) expect(refused).toMatchObject({ slug: 'stale' });
    });

    it('finds a change done whose reply was lost, when it is repeated under its key, and by nobody else', async () => {
      if (!canChange()) return;
      const made = await changes().create(randomUUID(), await somethingNew());
      const key = randomUUID();
      target().loseReply!();
      await expect(changes().change(made.id, change, made.revision, key)).rejects.toMatchObject({ retryable: true });
      const done = await changes().read(made.id);
      expect(done.revision).not.toBe(made.revision);
      await expect(changes().change(made.id, change, made.revision, key)).resolves.toEqual(done);
      await expect(changes().read(made.id)).resolves.toEqual(done);
      const another = changes().change(made.id, change, made.revision, randomUUID());
      await expect(another).rejects.toMatchObject({ slug: 'stale' });
    });

    it('finds nothing to change under another identifier', async () => {
      if (!canChange()) return;
      await expect(changes().change('nothing-of-the-kind', change, '1')).rejects.toMatchObject({ slug: 'not-found' });
    });
  });

  describe(`The ${name} connector, changing`, () => {
    const canChange = () => target().connector.capabilities.has('change');

    it('ends the assignment before a move on the day before, and keeps it as history', async () => {
      if (!canChange()) return;
      const { workers, assignments } = target().connector;
      const { orgUnit, costCenter } = target();
      const { id: workerId } = await workers.create(randomUUID(), newWorker(target()));
      const ahead = { workerId, startsOn: '2099-07-01', orgUnit, costCenter, fte: '1.00', reason: 'move' } as const;
      const move = await assignments.create(randomUUID(), ahead);
      const { items } = await assignments.list({ worker_id: workerId });
      expect(items).toHaveLength(2);
      expect(items.find(({ id }) => id !== move.id)).toMatchObject({ startsOn: '2026-01-05', endsOn: '2099-06-30' });
      const tooEarly = assignments.create(randomUUID(), { ...ahead, startsOn: '2099-06-01' });
      await expect(tooEarly).rejects.toMatchObject({ slug: 'conflict' });
    });

    it('moves a worker at once where the assignment has begun', async () => {
      if (!canChange()) return;
      const { workers, assignments, orgUnits } = target().connector;
      const { orgUnit, costCenter } = target();
      const { id: workerId } = await workers.create(randomUUID(), newWorker(target()));
      const elsewhere = (await orgUnits.list({ page_size: 50 })).items.find(({ id }) => id !== orgUnit)!;
      const begun = { workerId, startsOn: '2026-01-12', orgUnit: elsewhere.id, costCenter, fte: '1.00' };
      const move = await assignments.create(randomUUID(), { ...begun, reason: 'move' });
      await expect(workers.read(workerId)).resolves.toMatchObject({ orgUnit: elsewhere.id });
      const late = assignments.change(move.id, { fte: '0.5' }, move.revision);
      await expect(late).rejects.toMatchObject({ slug: 'conflict' });
    });

    it('refuses an org unit that it does not know', async () => {
      if (!canChange()) return;
      const nowhere = newWorker(target(), { orgUnit: 'OU-NOWHERE' });
      const hiring = target().connector.workers.create(randomUUID(), nowhere);
      await expect(hiring).rejects.toMatchObject({ slug: 'unknown-code' });
    });
  });
}
