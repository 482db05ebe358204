import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Problem, type DataClass, type Shape } from '@concord/canonical';
import type { AuditTrail } from '@concord/audit';
import { log, withContext } from '@concord/observability';
import { ENDPOINT } from '@concord/policy';
import { lastValueFrom, of, type Observable } from 'rxjs';
import { auditLine, pathOf } from './audit-line.js';
import { apiId, type ApiDefinition } from './definition.js';
import type { EndpointOptions } from './endpoint.js';
import { phiScope } from './endpoints.js';
import { fieldFilter } from './field-filter.js';
import { fingerprintOf, type Receipts } from './receipts.js';
import type { ApiReply, ApiRequest } from './request.js';
import { eventStream, type StreamEvent } from './server-sent-events.js';
import type { RequestValidation } from './validation.js';

const NOTHING_HIDDEN: ReadonlySet<DataClass> = new Set();
const PHI_HIDDEN: ReadonlySet<DataClass> = new Set(['phi']);
const KEY = /^[\x21-\x7e]{1,200}$/;

interface Parts {
  readonly definition: ApiDefinition;
  readonly receipts: Receipts;
  readonly audit: AuditTrail;
  readonly validation: RequestValidation;
  readonly handlerTimeoutMs: number;
}

/** One request on its way through the policies. */
interface Call {
  readonly endpoint: EndpointOptions & { readonly effect: boolean };
  readonly operation: string;
  readonly request: ApiRequest;
  readonly reply: ApiReply;
  readonly handle: () => Promise<unknown>;
}

/**
 * What happens to a request once the guards have let it in, in this order: idempotency, validation, handler, field
 * filtering, audit. (Limits, token, audience, scope, access and rate come before; problems after.)
 */
export class PoliciesInterceptor implements NestInterceptor {
  private readonly api: string;
  private readonly phiScope: string;

  constructor(private readonly parts: Parts) {
    this.api = apiId(parts.definition);
    this.phiScope = phiScope(parts.definition);
  }

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<ApiRequest>();
    const handler = context.getHandler();
    const call: Call = {
      endpoint: Reflect.getMetadata(ENDPOINT, handler) as Call['endpoint'],
      operation: handler.name,
      request,
      reply: http.getResponse<ApiReply>(),
      handle: () => lastValueFrom(next.handle(), { defaultValue: undefined }),
    };
    const store = { correlationId: request.correlationId, caller: request.user?.clientId };
    return withContext(store, async () => of(await this.inTime(this.answered(call))));
  }

  private async answered(call: Call): Promise<unknown> {
    const { endpoint, request, reply } = call;
    const answer = endpoint.effect ? await this.once(call) : await this.handled(call);
    await this.audited(call);
    if (!endpoint.stream) return answer;
    const visible = (event: StreamEvent) => ({ ...event, data: this.visible(endpoint, request, event.data) });
    const onFailure = (error: unknown) =>
      log.error('stream.failed', { api: this.api, operation: call.operation, error });
    return eventStream(answer as AsyncIterable<StreamEvent>, { reply, visible, onFailure });
  }

  /** An effect has its effect once for its key; the same request again gets the first answer and `Idempotent-Replayed`. */
  private async once(call: Call): Promise<unknown> {
    const { endpoint, operation, request, reply } = call;
    const key = request.headers['idempotency-key'];
    if (key === undefined && endpoint.keyOptional) return this.handled(call);
    if (typeof key !== 'string') throw new Problem('idempotency-key-missing');
    if (!KEY.test(key)) throw new Problem('malformed', 'Idempotency-Key must be 1 to 200 printable characters');
    const scope = `${request.user?.clientId} ${this.parts.definition.name}.${operation} ${pathOf(request)}`;
    const status = endpoint.status ?? 200;
    const effect = async () => ({ status, body: await this.handled(call) });
    const receipt = await this.parts.receipts.once(scope, key, fingerprintOf(request.body), effect);
    if (!receipt.replayed) return receipt.body;
    void reply.header('idempotent-replayed', 'true');
    return this.visible(endpoint, request, receipt.body ?? undefined);
  }

  /** Only what the handler answers within its declared shape goes on, into the receipt as well. */
  private async handled({ endpoint, operation, request, handle }: Call): Promise<unknown> {
    this.parts.validation.check(operation, request);
    const answer = await handle();
    return endpoint.stream ? answer : this.visible(endpoint, request, answer);
  }

  /** The declared fields that the caller may see. What has no declared shape leaves as text, or as an event, only. */
  private visible(endpoint: EndpointOptions, request: ApiRequest, answer: unknown): unknown {
    if (endpoint.answer) {
      const hidden = request.user?.may(this.phiScope) ? NOTHING_HIDDEN : PHI_HIDDEN;
      return answer === undefined ? undefined : fieldFilter(endpoint.answer as Shape, hidden)(answer);
    }
    return endpoint.stream || typeof answer === 'string' || Buffer.isBuffer(answer) ? answer : undefined;
  }

  /** An effect, and a look at PHI, is answered only once its audit line is durable; other reads do not wait for it. */
  private async audited({ endpoint, request }: Call): Promise<void> {
    const { definition, audit } = this.parts;
    const durable = audit.record(auditLine(this.api, request, 'success'));
    if (endpoint.effect || definition.dataClass === 'phi') return durable;
    durable.catch((error: unknown) => log.error('audit.failed', { api: this.api, error }));
  }

  /** The caller waits no longer than this; what was begun goes on, is kept in its receipt, and is audited. */
  private async inTime<T>(work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Problem('upstream-timeout')), this.parts.handlerTimeoutMs);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
