import { STATUS_CODES } from 'node:http';
import { counter, histogram } from './metrics.js';
import { Vocabulary } from './vocabulary.js';

/** What is counted of every request that an API answers. */
export interface AnsweredRequest {
  /** Layer and name of the API: `system/erp`. */
  readonly api: string;
  /** The operationId of the OpenAPI document. */
  readonly operation: string;
  /** The HTTP status. */
  readonly status: number;
  /** From the arrival of the request to the last byte of its answer. */
  readonly seconds: number;
}

const labels = { api: new Vocabulary('api'), operation: new Vocabulary('operation') };

const answered = counter('concord_requests_total', 'Requests answered', {
  ...labels,
  status: Object.keys(STATUS_CODES),
});

const duration = histogram('concord_request_seconds', 'Time until the last byte of the answer', labels);

/** Makes an operation known to the metrics, once, while its API starts. */
export function declareOperation(api: string, operation: string): void {
  labels.api.declare(api);
  labels.operation.declare(operation);
}

/** Counts a request. What was not declared, such as an address without a route, is counted as `undeclared`. */
export function countRequest({ api, operation, status, seconds }: AnsweredRequest): void {
  answered.add({ api, operation, status: String(status) });
  duration.observe({ api, operation }, seconds);
}
