import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { entityTagOf, Problem, type ProblemSlug } from '@concord/canonical';
import { bearerChallenge } from '@concord/policy';
import type { ApiReply, ApiRequest } from './request.js';

/** What Fastify and Nest refuse by themselves, in our words. */
const BY_STATUS: Readonly<Record<number, ProblemSlug>> = {
  400: 'malformed',
  401: 'unauthenticated',
  403: 'insufficient-scope',
  404: 'not-found',
  405: 'method-not-allowed',
  408: 'request-timeout',
  413: 'payload-too-large',
  414: 'malformed',
  415: 'unsupported-media',
  429: 'rate-limited',
};

/**
 * Any thrown value as a problem. The words of foreign errors stay inside: they may quote the request. Only what Nest and
 * Fastify throw tells of the request; a status in any other error is that of a system behind.
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const slug = BY_STATUS[refusedStatus(error)] ?? 'internal';
  return new Problem(slug, undefined, { cause: error });
}

function refusedStatus(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: number };
  const isOfFastify = typeof code === 'string' && (code.startsWith('FST_') || code === CUT_OFF);
  return (isOfFastify && statusCode) || 500;
}

/** The caller hung up in the middle of its body; Fastify gives that the status 400. */
const CUT_OFF = 'ECONNRESET';

export interface FilterParts {
  /** The methods that an address without this one has. */
  readonly allowed: (request: ApiRequest) => readonly string[];
  readonly onFailure: (request: ApiRequest, problem: Problem) => void;
  /** What callers of a resource do while what is behind it does not answer. */
  readonly fallbackOf?: (request: ApiRequest) => string | undefined;
}

/** Every refusal and failure leaves as `application/problem+json` (RFC 9457). */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly parts: FilterParts) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<ApiRequest>();
    const reply = host.switchToHttp().getResponse<ApiReply>();
    const problem = this.withFallback(this.orMethodNotAllowed(problemOf(error), request, reply), request);
    this.parts.onFailure(request, problem);
    if (reply.sent) return;
    sendProblem(reply, problem, request.correlationId);
  }

  private withFallback(problem: Problem, request: ApiRequest): Problem {
    if (problem.kind.cause !== 'transport') return problem;
    const fallback = this.parts.fallbackOf?.(request);
    if (fallback === undefined) return problem;
    const context = { ...problem.context, fallback };
    return new Problem(problem.slug, problem.detail, { ...problem, context, cause: problem.cause });
  }

  /** An address that exists for other methods says so, and for which (RFC 9110, 15.5.6). */
  private orMethodNotAllowed(problem: Problem, request: ApiRequest, reply: ApiReply): Problem {
    if (problem.slug !== 'not-found' || request.operation !== undefined) return problem;
    const allowed = this.parts.allowed(request);
    if (!allowed.length) return problem;
    void reply.header('allow', allowed.join(', '));
    return new Problem('method-not-allowed', undefined, { cause: problem });
  }
}

/** A problem as an answer: its status, its headers, its body. */
export function refusalOf(problem: Problem, correlationId: string | undefined) {
  const headers: Record<string, string> = { 'content-type': 'application/problem+json; charset=utf-8' };
  if (problem.retryAfter !== undefined) headers['retry-after'] = String(Math.ceil(problem.retryAfter));
  const { revision } = problem.context ?? {};
  if (problem.slug === 'stale' && revision !== undefined) headers['etag'] = entityTagOf(revision);
  const challenge = bearerChallenge(problem);
  if (challenge !== undefined) headers['www-authenticate'] = challenge;
  return { status: problem.kind.status, headers, body: problem.toBody(correlationId) };
}

export function sendProblem(reply: ApiReply, problem: Problem, correlationId: string | undefined): void {
  const { status, headers, body } = refusalOf(problem, correlationId);
  void reply.status(status).headers(headers).send(JSON.stringify(body));
}
