/**
 * What an answer of Tryton means. Its own refusals come with HTTP 200 and an `error`; only login, routing and limits use
 * the HTTP status. The first element of `error` is one of three names, or the bare text of whatever went wrong inside.
 */
import { Problem } from '@concord/canonical';

/** A rule of Tryton's said no. `rule` is its sentence with every quoted value left out: a value may be a name. */
export class TrytonRefusal extends Problem {
  constructor(
    readonly reason: 'rule' | 'question' | 'changed-meanwhile',
    readonly rule: string,
    /** Of a question: the name under which it is answered. */
    readonly question?: string,
  ) {
    super(reason === 'changed-meanwhile' ? 'conflict' : 'upstream-rejected', detailOf(reason, rule));
  }

  /** The record does not exist, or not for this user. */
  get isAboutUnknownRecord(): boolean {
    return /don't exist anymore|You are not allowed to read records/.test(this.rule);
  }
}

const RETRY_AFTER_S = 1;

/** The result, or the refusal thrown. */
export function resultOf(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) throw unreadable();
  if (!('error' in body)) {
    if ('result' in body) return body.result;
    throw unreadable();
  }
  const [name, details] = Array.isArray(body.error) ? (body.error as unknown[]) : [];
  const [first, second] = Array.isArray(details) ? (details as unknown[]) : [details];
  if (name === 'UserError') throw new TrytonRefusal('rule', withoutValues(first));
  if (name === 'UserWarning') throw new TrytonRefusal('question', withoutValues(second), String(first));
  if (name === 'ConcurrencyException') throw new TrytonRefusal('changed-meanwhile', withoutValues(first));
  throw new Problem('upstream-unavailable', 'Tryton failed inside', {
    retryAfter: RETRY_AFTER_S,
    cause: new Error(withoutValues(name)),
  });
}

/** What an HTTP status of 400 and above means, 401 aside, which is the session's. */
export function problemOfStatus(status: number): Problem {
  if (status === 429) return new Problem('rate-limited', 'Tryton asks for a pause', { retryAfter: 60 });
  if (status === 403) return new Problem('upstream-rejected', 'Tryton does not offer this operation');
  if (status === 404) return new Problem('upstream-rejected', 'Tryton does not have this database');
  if (status === 413) return new Problem('upstream-rejected', 'The request is larger than Tryton takes');
  return new Problem('upstream-unavailable', `Tryton answered with status ${status}`, {
    context: { status: `${status}` },
  });
}

const LONGEST = 300;

/** What stands in quotes is a value, unless it is the name of a field and of its model. */
const withoutValues = (text: unknown): string =>
  (typeof text === 'string' ? text : '')
    .replace(/(field "[^"]*" in "[^"]*")|"[^"]*"/g, (_, schema?: string) => schema ?? '"…"')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, LONGEST);

function detailOf(reason: TrytonRefusal['reason'], rule: string): string {
  if (reason === 'changed-meanwhile') return 'The record was changed in Tryton meanwhile';
  return reason === 'question' ? `Tryton asks a person: ${rule}` : `Tryton refuses: ${rule}`;
}

const unreadable = (): Problem => new Problem('upstream-unavailable', 'The answer is not one of Tryton');
