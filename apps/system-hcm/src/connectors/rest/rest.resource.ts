import {
  DEFAULT_PAGE_SIZE,
  pagePosition,
  Problem,
  refuseStale,
  type ChangesQuery,
  type Page,
} from '@concord/canonical';
import type { Changeable } from '../../ports/resource.js';
import type { Versioned } from '../record/kind.js';
import { toCanonical, toForeign, type Fields, type Foreign } from './fields.js';
import type { RestClient } from './rest.client.js';

/** An entry of the platform that cannot be told in our words. */
export interface Unreadable {
  readonly problem: Problem;
  readonly changedAt: Date;
}

interface Wire {
  readonly path: string;
  readonly fields: Fields;
}

/** The platform gives no more at a time. */
const MOST_AT_A_TIME = 100;

const isOffset = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

/** One collection of the platform as a resource of ours. */
export class RestResource<
  T extends Versioned,
  Query extends ChangesQuery,
  New extends object,
  Change extends object,
> implements Changeable<T, Query, New, Change> {
  constructor(
    private readonly client: RestClient,
    private readonly wire: Wire,
  ) {}

  async read(id: string): Promise<T> {
    return this.toResource(await this.entry(id));
  }

  /** Throws `upstream-rejected` where one of them cannot be told in our words: a list that leaves it out is a wrong one. */
  async list(query: Query): Promise<Page<T>> {
    const { entries, nextPageToken } = await this.entries(query);
    return { items: entries.map((entry) => this.toResource(entry)), nextPageToken };
  }

  /** A page of those that can be told in our words, and of the others why not and when they were changed. */
  async readable(query: Query): Promise<Page<T> & { readonly unreadable: readonly Unreadable[] }> {
    const { entries, nextPageToken } = await this.entries(query);
    const [items, unreadable]: [T[], Unreadable[]] = [[], []];
    for (const entry of entries) {
      try {
        items.push(this.toResource(entry));
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        unreadable.push({ problem: error, changedAt: new Date(Number(entry['touched'])) });
      }
    }
    return { items, nextPageToken, unreadable };
  }

  private async entries({
    page_size = DEFAULT_PAGE_SIZE,
    page_token,
    changed_since,
    ...query
  }: Query): Promise<{ entries: Foreign[]; nextPageToken?: string }> {
    const from = pagePosition<number>(page_token, isOffset) ?? 0;
    const filters = this.filters(query, changed_since);
    const entries: Foreign[] = [];
    for (;;) {
      const limit = Math.min(page_size - entries.length, MOST_AT_A_TIME);
      const { data, total } = await this.client.find(this.wire.path, {
        ...filters,
        offset: from + entries.length,
        limit,
      });
      entries.push(...data);
      const next = from + entries.length;
      if (next >= total || !data.length) return { entries };
      if (entries.length >= page_size) return { entries, nextPageToken: tokenOf(next) };
    }
  }

  async create(businessKey: string, fresh: New): Promise<T> {
    const body = { ...toForeign(this.wire.fields, fresh), clientRef: businessKey };
    return this.toResource(await this.client.make(this.wire.path, body));
  }

  async change(id: string, change: Change, expected: string): Promise<T> {
    const { ref, ver } = await this.entry(id);
    refuseStale(expected, String(ver));
    const body = toForeign(this.wire.fields, change);
    return this.toResource(await this.client.alter(this.wire.path, String(ref), body, String(ver)));
  }

  /** Most are known by the platform's number; people by the number on their badge. */
  private async entry(id: string): Promise<Foreign> {
    const known = this.wire.fields['id']!.foreign;
    if (known === 'ref') return this.client.read(this.wire.path, id);
    const [entry] = (await this.client.find(this.wire.path, { [known]: id, limit: 1 })).data;
    if (!entry) throw new Problem('not-found', 'The platform has no such entry');
    return entry;
  }

  private filters({ effective_on, ...query }: Foreign, changedSince: string | undefined): Foreign {
    const named = Object.fromEntries(Object.entries(query).map(([name, value]) => [MEMBERS[name] ?? name, value]));
    return {
      ...toForeign(this.wire.fields, named),
      ...(changedSince === undefined ? {} : { touchedFrom: Date.parse(changedSince) }),
      ...(typeof effective_on === 'string' ? { inForce: effective_on.replaceAll('-', '') } : {}),
    };
  }

  private toResource(entry: Foreign): T {
    try {
      return toCanonical(this.wire.fields, entry) as unknown as T;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const { slug, detail, context } = error;
      throw new Problem(slug, detail, { context: { ...context, entry: String(entry['ref']) } });
    }
  }
}

/** The member that a query field asks for, where it is not of the same name. */
const MEMBERS: Readonly<Record<string, string>> = {
  worker_id: 'workerId',
  org_unit: 'orgUnit',
  cost_center: 'costCenter',
  parent_id: 'parentId',
};

const tokenOf = (offset: number): string => Buffer.from(JSON.stringify(offset)).toString('base64url');
