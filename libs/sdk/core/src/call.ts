import { ANY_REVISION, entityTagOf, Problem } from '@concord/canonical';
import type { Method, Query, Transport, TransportResponse } from './transport.js';

/** What a call would do, before it does it: the preview of a workflow step, and its line in the run ledger. */
export interface CallWrite {
  readonly api: string;
  readonly operation: string;
  readonly method: Method;
  readonly path: string;
  readonly query?: Query;
  readonly body?: unknown;
  /** The revision that a change was decided on; leaves as `If-Match` (RFC 9110, 13.1.1). */
  readonly revision?: string;
}

export interface SendOptions {
  /** Makes a repetition safe. An effect without one gets a random key, safe against nothing but its own transport. */
  readonly idempotencyKey?: string;
  /** The business correlation id; without one the transport passes on that of the current context. */
  readonly correlationId?: string;
  /** The `etag` of an answer that is still held: where nothing has changed, the answer has status 304 and no body. */
  readonly ifNoneMatch?: string;
  readonly signal?: AbortSignal;
}

/** An answer with its headers, for callers that need the `etag`, `location` or `idempotent-replayed`. */
export interface Answer<T> extends TransportResponse {
  readonly body: T;
}

/**
 * One call of an API that has not happened yet. It can be looked at (`write`), and is sent when it is awaited or by
 * `send` – at most once: whoever awaits it again gets the first answer. An answer of 400 and above is thrown as the
 * `Problem` it carries.
 */
export class Call<T> implements PromiseLike<T> {
  private sent: Promise<Answer<T>> | undefined;

  constructor(
    private readonly transport: Transport,
    readonly write: CallWrite,
    /** Media type of the body where it is not JSON. */
    private readonly contentType = 'application/json',
  ) {}

  /** Whether sending may change something at the other side. */
  get effect(): boolean {
    return this.write.method !== 'GET' && this.write.method !== 'HEAD';
  }

  async send(options: SendOptions = {}): Promise<T> {
    return (await this.answer(options)).body;
  }

  /** Like `send`, with status and headers. */
  answer(options: SendOptions = {}): Promise<Answer<T>> {
    this.sent ??= this.exchange(options);
    return this.sent;
  }

  then<Kept = T, Lost = never>(
    kept?: ((value: T) => Kept | PromiseLike<Kept>) | null,
    lost?: ((reason: unknown) => Lost | PromiseLike<Lost>) | null,
  ): Promise<Kept | Lost> {
    return this.send().then(kept, lost);
  }

  private async exchange(options: SendOptions): Promise<Answer<T>> {
    const { api, operation, method, path, query, body } = this.write;
    const { effect } = this;
    const headers = this.headers(options);
    const request = { api, operation, method, path, query, body, headers, effect, signal: options.signal };
    const response = await this.transport.send(request);
    if (response.status >= 400) throw refusal(response);
    return response as Answer<T>;
  }

  private headers({ idempotencyKey, correlationId, ifNoneMatch }: SendOptions): Record<string, string> {
    const { revision } = this.write;
    const key = idempotencyKey ?? (this.effect ? crypto.randomUUID() : undefined);
    return {
      accept: 'application/json, application/problem+json',
      ...(this.write.body === undefined ? {} : { 'content-type': this.contentType }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...(correlationId === undefined ? {} : { 'x-correlation-id': correlationId }),
      ...(revision === undefined ? {} : { 'if-match': revision === ANY_REVISION ? revision : entityTagOf(revision) }),
      ...(ifNoneMatch === undefined ? {} : { 'if-none-match': ifNoneMatch }),
    };
  }
}

/** Our own APIs name `Retry-After` in seconds; its other form, a date, is not used by them and is left aside. */
function refusal({ status, headers, body }: TransportResponse): Problem {
  const seconds = headers['retry-after'];
  return Problem.fromAnswer(status, body, seconds !== undefined && /^\d+$/.test(seconds) ? Number(seconds) : undefined);
}
