import { STATUS_CODES } from 'node:http';
import { counter, histogram } from './metrics.js';
import { Vocabulary } from './vocabulary.js';

/** Counts one answered request of an API: its operationId, its HTTP status, and the seconds until the last byte. */
export type CountRequest = (operation: string, status: number, seconds: number) => void;

const labels = { api: new Vocabulary('api'), operation: new Vocabulary('operation') };

const answered = counter('concord_requests_total', 'Requests answered', {
  ...labels,
  status: Object.keys(STATUS_CODES),
});

const duration = histogram('concord_request_seconds', 'Time from the request to the last byte of its answer', labels);

/**
 * The counters of one API, which names its operations once, while it starts. What it did not name, such as a request to
 * an address without a route, is counted as `undeclared`.
 */
export function requestMetrics(api: string, operations: readonly string[]): CountRequest {
  labels.api.declare(api);
  labels.operation.declare(...operations);
  return (operation, status, seconds) => {
    answered.add({ api, operation, status: String(status) });
    duration.observe({ api, operation }, seconds);
  };
}
