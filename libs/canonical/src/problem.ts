/**
 * Every refusal and failure of Concord is a `Problem` (RFC 9457). The catalogue below is the whole list: it makes the
 * answers, the documentation at `/problems/<slug>` and the retry policy. A slug is never reused.
 */

/** Who has to act before the same request can succeed. Retry policy and exception routing follow it. */
export type CauseClass =
  | 'caller' // the request is wrong; repeating it changes nothing
  | 'business' // a rule of the target refused; a person has to decide or correct
  | 'throttled' // too fast; repeat after Retry-After
  | 'transport' // the target or the way to it failed; repeat with back-off
  | 'internal'; // our own fault

interface ProblemKind {
  readonly status: number;
  readonly title: string;
  readonly cause: CauseClass;
  readonly retryable: boolean;
}

const kind = (status: number, title: string, cause: CauseClass, retryable = false): ProblemKind => ({
  status,
  title,
  cause,
  retryable,
});

export const PROBLEMS = {
  malformed: kind(400, 'The request cannot be read', 'caller'),
  'idempotency-key-missing': kind(400, 'This operation needs an Idempotency-Key', 'caller'),
  unauthenticated: kind(401, 'A valid access token is needed', 'caller'),
  'insufficient-scope': kind(403, 'The access token does not allow this operation', 'caller'),
  'access-denied': kind(403, 'The caller has no access to this facility or legal entity', 'caller'),
  'not-found': kind(404, 'There is nothing at this address', 'caller'),
  'method-not-allowed': kind(405, 'The resource does not support this method', 'caller'),
  'request-timeout': kind(408, 'The request did not arrive in time', 'caller', true),
  conflict: kind(409, 'The state of the resource does not allow this', 'business'),
  'idempotency-in-progress': kind(409, 'The same request is still being worked on', 'throttled', true),
  stale: kind(412, 'The resource has changed since it was read', 'caller'),
  'payload-too-large': kind(413, 'The request is too large', 'caller'),
  'unsupported-media': kind(415, 'This content type is not supported here', 'caller'),
  'validation-failed': kind(422, 'The request does not have the promised shape', 'caller'),
  'idempotency-mismatch': kind(422, 'The Idempotency-Key was used with another request', 'caller'),
  'unknown-code': kind(422, 'A code, item or unit is not known', 'business'),
  'coding-incomplete': kind(422, 'The encounter is not coded completely', 'business'),
  'not-chargeable': kind(422, 'There is nothing to charge', 'business'),
  'journal-unbalanced': kind(422, 'Debits and credits differ', 'business'),
  'period-closed': kind(422, 'The fiscal period is closed', 'business'),
  'insufficient-stock': kind(422, 'There is not enough stock', 'business'),
  'approval-rejected': kind(422, 'The approval was refused', 'business'),
  'precondition-required': kind(428, 'A change needs an If-Match with the revision that it was decided on', 'caller'),
  'rate-limited': kind(429, 'Too many requests', 'throttled', true),
  internal: kind(500, 'Something went wrong on our side', 'internal', true),
  'not-supported': kind(501, 'The system behind has no such capability', 'business'),
  'upstream-rejected': kind(502, 'The system behind refused the request', 'business'),
  'upstream-unavailable': kind(503, 'The system behind does not answer', 'transport', true),
  'shutting-down': kind(503, 'This instance is shutting down', 'transport', true),
  'upstream-timeout': kind(504, 'The system behind did not answer in time', 'transport', true),
} as const satisfies Record<string, ProblemKind>;

export type ProblemSlug = keyof typeof PROBLEMS;

/** One fault of a request: the JSON pointer (RFC 6901) of the value, a code, and a sentence without the value itself. */
export interface ProblemFault {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

/** The members of `application/problem+json` as they leave us (RFC 9457 with Concord's extensions). */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemSlug;
  readonly detail?: string;
  readonly retryable: boolean;
  readonly correlationId?: string;
  readonly errors?: readonly ProblemFault[];
  /** What the refusal is about, in business words and codes only, for example `{ code: '140', system: '…/cvx' }`. */
  readonly context?: Readonly<Record<string, string>>;
}

interface ProblemExtras {
  readonly errors?: readonly ProblemFault[];
  readonly context?: Readonly<Record<string, string>>;
  /** Seconds until a repetition makes sense; leaves as `Retry-After`. */
  readonly retryAfter?: number;
  readonly cause?: unknown;
}

/** `detail` and `context` must not hold PHI: they are logged, stored with the run and shown to operations. */
export class Problem extends Error {
  readonly errors: readonly ProblemFault[] | undefined;
  readonly context: Readonly<Record<string, string>> | undefined;
  readonly retryAfter: number | undefined;

  constructor(
    readonly slug: ProblemSlug,
    readonly detail?: string,
    extras: ProblemExtras = {},
  ) {
    super(detail ?? PROBLEMS[slug].title, { cause: extras.cause });
    this.name = 'Problem';
    this.errors = extras.errors;
    this.context = extras.context;
    this.retryAfter = extras.retryAfter;
  }

  get kind(): ProblemKind {
    return PROBLEMS[this.slug];
  }

  get retryable(): boolean {
    return this.kind.retryable;
  }

  toBody(correlationId?: string): ProblemBody {
    return {
      type: `/problems/${this.slug}`,
      title: this.kind.title,
      status: this.kind.status,
      code: this.slug,
      detail: this.detail,
      retryable: this.retryable,
      correlationId,
      errors: this.errors,
      context: this.context,
    };
  }

  /**
   * The problem that another API of ours answered with. Of an answer that is not one of ours, only the HTTP status is
   * taken: its words may quote the request.
   */
  static fromAnswer(status: number, body: unknown, retryAfter?: number): Problem {
    if (!isProblemBody(body)) return new Problem(slugOfStatus(status), undefined, { retryAfter });
    const { code, detail, errors, context } = body;
    return new Problem(code, detail, { errors, context, retryAfter });
  }
}

function isProblemBody(body: unknown): body is ProblemBody {
  if (typeof body !== 'object' || body === null) return false;
  const { code, detail = '', errors = [], context = {} } = body as Record<string, unknown>;
  const isOurs = typeof code === 'string' && Object.hasOwn(PROBLEMS, code);
  return isOurs && typeof detail === 'string' && Array.isArray(errors) && typeof context === 'object';
}

function slugOfStatus(status: number): ProblemSlug {
  const slugs = Object.keys(PROBLEMS) as ProblemSlug[];
  return slugs.find((slug) => PROBLEMS[slug].status === status) ?? (status >= 500 ? 'internal' : 'upstream-rejected');
}

/** Any thrown value as a problem; what is not ours becomes `internal`, and its message stays inside. */
export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem('internal', undefined, { cause: error });
}
