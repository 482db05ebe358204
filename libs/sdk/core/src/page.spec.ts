import * as fc from 'fast-check';
import type { Page } from '@concord/canonical';
import { items, pages } from './page.js';

/** A list cut into pages whose token is the position of the next item. */
const listOf = (all: readonly number[], size: number) => {
  const asked: (string | undefined)[] = [];
  const call = (token: string | undefined): Promise<Page<number>> => {
    asked.push(token);
    const from = Number(token ?? 0);
    const next = from + size;
    return Promise.resolve({
      items: all.slice(from, next),
      ...(next < all.length ? { nextPageToken: String(next) } : {}),
    });
  };
  return { asked, call };
};

async function gather<T>(all: AsyncIterable<T>): Promise<T[]> {
  const gathered: T[] = [];
  for await (const one of all) gathered.push(one);
  return gathered;
}

describe('a list in pages', () => {
  it('gives every item once and in order, whatever the page size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer()), fc.integer({ min: 1, max: 7 }), async (all, size) => {
        expect(await gather(items(listOf(all, size).call))).toEqual(all);
      }),
    );
  });

  it('asks for a page only when it is wanted', async () => {
    const list = listOf([1, 2, 3, 4, 5], 2);
    for await (const page of pages(list.call)) {
      expect(page.items).toEqual([1, 2]);
      break;
    }
    expect(list.asked).toEqual([undefined]);
  });

  it('that names the same page again is refused instead of read for ever', async () => {
    const circle = pages(() => Promise.resolve({ items: [1], nextPageToken: 'again' }));
    await expect(gather(circle)).rejects.toMatchObject({ slug: 'internal' });
  });
});
