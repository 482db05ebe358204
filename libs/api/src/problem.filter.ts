import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { Problem, type ProblemSlug } from '@concord/canonical';
import { bearerChallenge } from '@concord/policy';
import type { ApiReply, ApiRequest } from './request.js';

/** What Fastify and Nest refuse by themselves, in our words. */
const FOREIGN: Record<string, ProblemSlug> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed',
  FST_ERR_BAD_URL: 'malformed',
};

const BY_STATUS: Record<number, ProblemSlug> = {
  400: 'malformed',
  401: 'unauthenticated',
  403: 'insufficient-scope',
  404: 'not-found',
  405: 'method-not-allowed',
  408: 'request-timeout',
  413: 'payload-too-large',
  415: 'unsupported-media',
  429: 'rate-limited',
};

/** Any thrown value as a problem. The words of foreign errors stay inside: they may quote the request. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { code, statusCode } = (error ?? {}) as { code?: string; statusCode?: number };
  const status = error instanceof HttpException ? error.getStatus() : statusCode;
  const slug = (code ? FOREIGN[code] : undefined) ?? (status ? BY_STATUS[status] : undefined) ?? 'internal';
  return new Problem(slug, undefined, { cause: error });
}

export type FailureListener = (request: ApiRequest, problem: Problem) => void;

/** Every refusal and failure leaves as `application/problem+json` (RFC 9457). */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly onFailure: FailureListener) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<ApiRequest>();
    const reply = host.switchToHttp().getResponse<ApiReply>();
    const problem = problemOf(error);
    this.onFailure(request, problem);
    if (reply.sent) return;
    sendProblem(reply, problem, request.correlationId);
  }
}

export function sendProblem(reply: ApiReply, problem: Problem, correlationId: string | undefined): void {
  if (problem.retryAfter !== undefined) void reply.header('retry-after', String(Math.ceil(problem.retryAfter)));
  const challenge = bearerChallenge(problem);
  if (challenge !== undefined) void reply.header('www-authenticate', challenge);
  void reply
    .status(problem.kind.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(problem.toBody(correlationId)));
}
