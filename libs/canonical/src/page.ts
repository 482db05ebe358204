import { Problem } from './problem.js';
import { count, formatted, list } from './field.js';

/** What every list can be asked: how much, and from where. */
export class PageQuery {
  @count('Entries a page', { optional: true, min: 1, max: 500, example: 50 })
  page_size?: number;

  @formatted('Token of the page, from `nextPageToken` of the page before', /^[A-Za-z0-9_-]{1,400}$/, { optional: true })
  page_token?: string;
}

export interface Page<T> {
  items: T[];
  /** Absent on the last page. */
  nextPageToken?: string;
}

/** The page class of a shape, so that each list has a named schema: `pageOf(Claim)` is `ClaimPage`. */
export function pageOf<T extends object>(shape: new () => T): new () => Page<T> {
  class PageOfShape implements Page<T> {
    items!: T[];
    nextPageToken?: string;
  }
  Object.defineProperty(PageOfShape, 'name', { value: `${shape.name}Page` });
  list('The entries', () => shape)(PageOfShape.prototype, 'items');
  formatted('Token of the next page; absent on the last', /^[A-Za-z0-9_-]{1,400}$/, { optional: true })(
    PageOfShape.prototype,
    'nextPageToken',
  );
  pages.add(PageOfShape);
  return PageOfShape;
}

const pages = new WeakSet<object>();

/** Whether a shape is the page of a list. */
export const isPage = (shape: object): boolean => pages.has(shape);

/**
 * The position inside a page token, or undefined for the first page.
 * @param isPosition what a position of this list looks like; any other token is a validation fault
 */
export function pagePosition<T>(
  token: string | undefined,
  isPosition: (value: unknown) => boolean = () => true,
): T | undefined {
  if (token === undefined) return undefined;
  const position = decode(token);
  if (position !== undefined && isPosition(position)) return position as T;
  const detail = 'is not a page token of this list';
  throw new Problem('validation-failed', `page_token ${detail}`, {
    errors: [{ pointer: '/query/page_token', code: 'page-token', detail }],
  });
}

/** Positions that a store can compare with: whoever makes up a token is refused, and does not fail the store. */
export const isText = (value: unknown): value is string => typeof value === 'string';

/** A moment, as JavaScript and Postgres write it, that is in the calendar. */
export const isMoment = (value: unknown): value is string => isText(value) && MOMENT.test(value) && isInCalendar(value);

/** A day that is in the calendar. */
export const isCalendarDay = (value: unknown): value is string =>
  isText(value) && /^\d{4}-\d{2}-\d{2}$/.test(value) && isInCalendar(value);

const MOMENT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|\+00(:?00)?)$/;

/** JavaScript makes the third of March out of the thirty-first of February; Postgres does not. */
function isInCalendar(value: string): boolean {
  const time = Date.parse(`${value.slice(0, 10)}T${value.slice(11, 19) || '00:00:00'}Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value.slice(0, 10)) && value >= '0001';
}

/** No store takes this character in a text. */
const NUL = '\\u0000';

function decode(token: string): unknown {
  try {
    const text = Buffer.from(token, 'base64url').toString('utf8');
    return text.includes(NUL) ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The token of a page that starts at this position. */
export const pageToken = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * A page out of rows that were read with one row more than asked for: the row more says that there is a next page.
 * @param position where the next page starts, of the last row of this page
 */
export function toPage<Row, T>(
  rows: Row[],
  size: number,
  position: (row: Row) => unknown,
  map: (row: Row) => T,
): Page<T> {
  const items = rows.slice(0, size).map(map);
  const last = rows.length > size ? rows[size - 1] : undefined;
  return last === undefined ? { items } : { items, nextPageToken: pageToken(position(last)) };
}

/** A page of a list that is held in memory, in ascending order of a key that is unique in it. */
export function pageOfList<T>(items: readonly T[], query: PageQuery, keyOf: (item: T) => string): Page<T> {
  const { page_token, page_size = DEFAULT_PAGE_SIZE } = query;
  const after = pagePosition<string>(page_token, isText);
  const rest = items.filter((item) => after === undefined || keyOf(item) > after);
  return toPage(rest, page_size, keyOf, (item) => item);
}

export const DEFAULT_PAGE_SIZE = 50;
