import { Problem, type Page } from '@concord/canonical';

/** Asks for the page at a token; without one for the first. */
export type PageCall<P> = (pageToken: string | undefined) => PromiseLike<P>;

/** All pages of a list, each asked for only when it is wanted: `for await (const page of pages((t) => …))`. */
export async function* pages<P extends Page<unknown>>(call: PageCall<P>): AsyncGenerator<P, void, undefined> {
  let token: string | undefined;
  do {
    const page: P = await call(token);
    if (page.nextPageToken !== undefined && page.nextPageToken === token) {
      throw new Problem('internal', 'The list names the page it just gave as its next one');
    }
    yield page;
    token = page.nextPageToken;
  } while (token !== undefined);
}

/** All items of a list over all its pages, in the order of the list. */
export async function* items<Item>(call: PageCall<Page<Item>>): AsyncGenerator<Item, void, undefined> {
  for await (const page of pages(call)) yield* page.items;
}
