import { randomUUID } from 'node:crypto';
import type { Onboarding, Worker } from '@concord/canonical';
import type { HcmConnector } from '../../connector.js';
import type { HcmTarget } from './target.js';
import { newWorker } from './change.conformance.js';

/** Brings a worker from hired to active. */
async function join({ onboardings, workers }: HcmConnector, { id: workerId }: Worker): Promise<Worker> {
  const begun = await onboardings.create(randomUUID(), { workerId, startsOn: '2026-01-05' });
  const provisioned = await onboardings.change(begun.id, { state: 'provisioned' }, begun.revision);
  const checklist = provisioned.checklist.map((item) => ({ ...item, done: true }));
  const ready = await onboardings.change(begun.id, { checklist }, provisioned.revision);
  await onboardings.change(begun.id, { state: 'active' }, ready.revision);
  return workers.read(workerId);
}

/** People come by an onboarding, go by a termination, and may come back. */
export function lifecycleConformance(name: string, target: () => HcmTarget): void {
  describe(`Coming and going at the ${name} connector`, () => {
    const hcm = () => target().connector;
    const can = () => hcm().capabilities.has('lifecycle') && hcm().capabilities.has('change');
    const hired = () => hcm().workers.create(randomUUID(), newWorker(target()));

    it('tells of onboardings and terminations, or says that it cannot', async () => {
      if (hcm().capabilities.has('lifecycle')) {
        await expect(hcm().onboardings.list({})).resolves.toHaveProperty('items');
        await expect(hcm().terminations.list({})).resolves.toHaveProperty('items');
        return;
      }
      const refusal = { slug: 'not-supported', context: { capability: 'lifecycle' } };
      await expect(hcm().onboardings.list({})).rejects.toMatchObject(refusal);
      await expect(hcm().terminations.list({})).rejects.toMatchObject(refusal);
    });

    it('lets a worker be active once he is provisioned and all is done, and not before', async () => {
      if (!can()) return;
      const worker = await hired();
      expect(worker.status).toBe('pre-hire');
      const { onboardings } = hcm();
      const begun = await onboardings.create(randomUUID(), { workerId: worker.id, startsOn: '2026-01-05' });
      expect(begun).toMatchObject({ state: 'hired' } satisfies Partial<Onboarding>);
      const jumping = onboardings.change(begun.id, { state: 'active' }, begun.revision);
      await expect(jumping).rejects.toMatchObject({ slug: 'conflict' });
      const provisioned = await onboardings.change(begun.id, { state: 'provisioned' }, begun.revision);
      const hurrying = onboardings.change(begun.id, { state: 'active' }, provisioned.revision);
      await expect(hurrying).rejects.toMatchObject({ slug: 'conflict' });
      const checklist = provisioned.checklist.map((item) => ({ ...item, done: true }));
      const done = await onboardings.change(begun.id, { state: 'active', checklist }, provisioned.revision);
      expect(done.state).toBe('active');
      await expect(hcm().workers.read(worker.id)).resolves.toMatchObject({ status: 'active' });
      const again = onboardings.create(randomUUID(), { workerId: worker.id, startsOn: '2026-01-05' });
      await expect(again).rejects.toMatchObject({ slug: 'conflict' });
    });

    it('keeps somebody whose last day lies ahead, and lets him stay after all', async () => {
      if (!can()) return;
      const { id: workerId } = await join(hcm(), await hired());
      const leaving = { workerId, lastDay: '2099-12-31', reason: 'voluntary', accessEnds: 'after-last-day' } as const;
      const scheduled = await hcm().terminations.create(randomUUID(), leaving);
      expect(scheduled.state).toBe('scheduled');
      await expect(hcm().workers.read(workerId)).resolves.toMatchObject({ status: 'active', lastDay: '2099-12-31' });
      const second = hcm().terminations.create(randomUUID(), leaving);
      await expect(second).rejects.toMatchObject({ slug: 'conflict' });
      await hcm().terminations.change(scheduled.id, { state: 'cancelled' }, scheduled.revision);
      const stayed = await hcm().workers.read(workerId);
      expect(stayed.status).toBe('active');
      expect(stayed.lastDay).toBeUndefined();
    });

    it('ends at once what has to end at once, and takes the worker back later', async () => {
      if (!can()) return;
      const { id: workerId } = await join(hcm(), await hired());
      const leaving = { workerId, lastDay: '2026-02-27', reason: 'involuntary', accessEnds: 'at-once' } as const;
      const ended = await hcm().terminations.create(randomUUID(), leaving);
      expect(ended.state).toBe('ended');
      const gone = await hcm().workers.read(workerId);
      expect(gone).toMatchObject({ status: 'terminated', lastDay: '2026-02-27' });
      const { items } = await hcm().assignments.list({ worker_id: workerId });
      expect(items.every(({ endsOn }) => endsOn !== undefined)).toBe(true);
      await hcm().terminations.change(ended.id, { state: 'deprovisioned' }, ended.revision);
      const back = await join(hcm(), gone);
      expect(back.status).toBe('active');
      expect(back.lastDay).toBeUndefined();
    });

    it.each(['onboardings', 'terminations'] as const)(
      'reads what it has listed, and lists what is asked for: %s',
      async (name) => {
        if (!hcm().capabilities.has('lifecycle')) return;
        const { items } = await hcm()[name].list({});
        expect(items.length).toBeGreaterThan(1);
        const [first] = items;
        await expect(hcm()[name].read(first!.id)).resolves.toEqual(first);
        const { items: ofHim } = await hcm()[name].list({ worker_id: first!.workerId });
        expect(ofHim).toContainEqual(first);
        expect(ofHim.every(({ workerId }) => workerId === first!.workerId)).toBe(true);
      },
    );
  });
}
