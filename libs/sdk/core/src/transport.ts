/**
 * How a generated client reaches an API. The two carriers of the same request are `local` (the callee lives in this
 * process) and `http`; policies run in both, so nothing but latency tells them apart.
 */

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export type QueryValue = string | number | boolean;

/** Query parameters by name. An array repeats the name; `undefined` leaves it out. */
export type Query = Readonly<Record<string, QueryValue | readonly QueryValue[] | undefined>>;

export interface TransportRequest {
  readonly method: Method;
  /** Below the API's base address (`/system/erp/v1`), template filled and percent-encoded: `/journal-entries/42`. */
  readonly path: string;
  readonly query?: Query;
  /** Sent as JSON, unless the `content-type` header names a type that is not; then it is a string, sent as it is. */
  readonly body?: unknown;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The operationId of the contract: the label of metrics, traces and policies, where a path could hold an id. */
  readonly operation: string;
  /** Layer and name of the callee: `system/erp`. */
  readonly api: string;
  /** Whether the request may change something, so that it must not be repeated without its idempotency key. */
  readonly effect: boolean;
  readonly signal?: AbortSignal;
}

export interface TransportResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The parsed JSON, the text of another content type, or `undefined` where the answer has no body. */
  readonly body: unknown;
}

/** Carries one request. Answers of any status are returned; a failure of the way itself is thrown as a `Problem`. */
export interface Transport {
  send(request: TransportRequest): Promise<TransportResponse>;
}
