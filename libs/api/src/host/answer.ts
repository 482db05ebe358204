import http from 'node:http';
import type { Duplex } from 'node:stream';
import { Problem, type ProblemSlug } from '@concord/canonical';
import { correlationIdFrom } from '@concord/observability';

/** What the host answers by itself, before or beside its APIs. */
export function answer(response: http.ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, { 'content-type': type, 'x-content-type-options': 'nosniff' }).end(body);
}

export const answerJson = (response: http.ServerResponse, status: number, body: unknown): void =>
  answer(response, status, 'application/json', JSON.stringify(body));

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** A refusal by the host itself, in the form that its APIs use. */
export function answerProblem(request: http.IncomingMessage, response: http.ServerResponse, problem: Problem): void {
  const correlationId = correlationIdFrom(request.headers['x-correlation-id']);
  response.setHeader('x-correlation-id', correlationId);
  if (!request.complete) response.setHeader('connection', 'close'); // what is left of its body is not waited for
  if (problem.retryAfter !== undefined) response.setHeader('retry-after', String(Math.ceil(problem.retryAfter)));
  answer(response, problem.kind.status, PROBLEM_TYPE, JSON.stringify(problem.toBody(correlationId)));
}

/** What Node's parser says of a request that it cannot read, in our words. */
const UNREADABLE: Readonly<Record<string, ProblemSlug>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
  HPE_HEADER_OVERFLOW: 'payload-too-large',
};

/** Answers a request that could not be read; there is no request object, only a socket. */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const problem = new Problem(UNREADABLE[error.code ?? ''] ?? 'malformed');
  const correlationId = correlationIdFrom(undefined);
  const body = JSON.stringify(problem.toBody(correlationId));
  const { status } = problem.kind;
  const head = [
    `HTTP/1.1 ${status} ${http.STATUS_CODES[status]}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Correlation-ID: ${correlationId}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
