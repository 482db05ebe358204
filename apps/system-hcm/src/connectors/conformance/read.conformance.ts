import type { ChangesQuery } from '@concord/canonical';
import type { Capability, HcmConnector } from '../../connector.js';
import type { Readable } from '../../ports/resource.js';
import type { HcmTarget } from './target.js';
import type { Versioned } from '../record/kind.js';

type Reads = Readable<Versioned, ChangesQuery>;

/** Every resource, and of each a filter: the query field and the member that it asks for; and what it takes to tell of it. */
const RESOURCES = [
  ['workers', 'role', 'role'],
  ['positions', 'org_unit', 'orgUnit'],
  ['assignments', 'worker_id', 'workerId'],
  ['orgUnits', 'parent_id', 'parentId'],
  ['shifts', 'date', 'date', 'shifts'],
  ['timeEntries', 'worker_id', 'workerId', 'time-entries'],
  ['payResults', 'period', 'period', 'pay-results'],
  ['credentials', 'kind', 'kind', 'credentials'],
] as const satisfies readonly (readonly [keyof HcmConnector, string, string, Capability?])[];

/** Lists are complete, ordered and filtered, and what is listed is what is read. */
export function readConformance(name: string, target: () => HcmTarget): void {
  describe.each(RESOURCES)(`The ${name} connector, reading %s`, (resource, filter, member, capability?: Capability) => {
    const reads = (): Reads => target().connector[resource];
    const lacks = () => capability !== undefined && !target().connector.capabilities.has(capability);
    const refusal = { slug: 'not-supported', context: { capability } };

    it('tells of them, or says that it cannot', async () => {
      if (!lacks()) return expect(reads().list({})).resolves.toHaveProperty('items');
      await expect(reads().list({})).rejects.toMatchObject(refusal);
      await expect(reads().read('any')).rejects.toMatchObject(refusal);
    });

    async function all(query: object, page_size: number): Promise<Versioned[]> {
      const items: Versioned[] = [];
      let page_token: string | undefined;
      do {
        const page = await reads().list({ ...query, page_size, page_token });
        expect(page.items.length).toBeLessThanOrEqual(page_size);
        items.push(...page.items);
        page_token = page.nextPageToken;
      } while (page_token && items.length < 150);
      return items;
    }

    it('pages through all of them in one order, each once', async () => {
      if (lacks()) return;
      const some = (await reads().list({ page_size: 150 })).items;
      expect(some.length).toBeGreaterThan(1);
      const ids = (await all({}, 7)).slice(0, some.length).map(({ id }) => id);
      expect(ids).toEqual(some.map(({ id }) => id));
      expect(new Set(ids).size).toBe(ids.length);
    });

    it('reads what it has listed, and finds nothing under another identifier', async () => {
      if (lacks()) return;
      const [first] = (await reads().list({ page_size: 1 })).items;
      expect(first).toMatchObject({ revision: expect.stringMatching(/^[!#-~]+$/), changedAt: expect.any(String) });
      await expect(reads().read(first!.id)).resolves.toEqual(first);
      await expect(reads().read('nothing-of-the-kind')).rejects.toMatchObject({ slug: 'not-found' });
    });

    it('lists only what is asked for', async () => {
      if (lacks()) return;
      const sample = (await reads().list({ page_size: 150 })).items as unknown as Record<string, string>[];
      const value = sample.find((one) => one[member] !== undefined)![member]!;
      const asked = (await all({ [filter]: value }, 50)) as unknown as Record<string, string>[];
      expect(asked.length).toBeGreaterThan(0);
      expect(asked.every((one) => one[member] === value)).toBe(true);
      const there = new Set(asked.map((one) => one['id']));
      const missed = sample.filter((one) => one[member] === value && !there.has(one['id']));
      expect(asked.length >= 150 ? [] : missed).toEqual([]);
    });

    it('lists what was changed since a moment, that moment included', async () => {
      if (lacks()) return;
      const items = (await reads().list({ page_size: 150 })).items;
      const latest = items
        .map(({ changedAt }) => changedAt)
        .sort()
        .at(-1)!;
      const changed = await all({ changed_since: latest }, 50);
      expect(changed.length).toBeGreaterThan(0);
      expect(changed.every(({ changedAt }) => changedAt >= latest)).toBe(true);
      const later = new Date(Date.parse(latest) + 365 * 86_400_000).toISOString();
      await expect(reads().list({ changed_since: later })).resolves.toEqual({ items: [] });
    });

    it('refuses a page token that is none', async () => {
      if (lacks()) return;
      await expect(reads().list({ page_token: 'bm90aGluZw' })).rejects.toMatchObject({ slug: 'validation-failed' });
    });
  });

  describe(`The ${name} connector, reading`, () => {
    it('finds one assignment of a worker in force on a day, which says where he is', async () => {
      const { workers, assignments } = target().connector;
      const [worker] = (await workers.list({ status: 'active', page_size: 1 })).items;
      const today = new Date(worker!.changedAt).toISOString().slice(0, 10);
      const { items } = await assignments.list({ worker_id: worker!.id, effective_on: today });
      expect(items).toMatchObject([{ workerId: worker!.id, costCenter: worker!.costCenter, orgUnit: worker!.orgUnit }]);
      const before = await assignments.list({ worker_id: worker!.id, effective_on: '1990-01-01' });
      expect(before).toEqual({ items: [] });
    });

    it('leads from every org unit to one that is at the top', async () => {
      const { items } = await target().connector.orgUnits.list({ page_size: 500 });
      const above = new Map(items.map(({ id, parentId }) => [id, parentId]));
      for (const { id } of items) {
        const path = [id];
        for (let next = above.get(id); next && path.length <= items.length; next = above.get(next)) path.push(next);
        expect(new Set(path).size).toBe(path.length);
        expect(above.get(path.at(-1)!)).toBeUndefined();
      }
    });
  });
}
