import { StreamableFile, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Readable } from 'node:stream';
import { Problem, type DataClass, type Shape } from '@concord/canonical';
import type { AuditTrail } from '@concord/audit';
import { withContext } from '@concord/observability';
import { ENDPOINT } from '@concord/policy';
import { lastValueFrom, of, type Observable } from 'rxjs';
import type { ApiDefinition } from './definition.js';
import type { EndpointOptions } from './endpoint.js';
import { phiScope } from './endpoints.js';
import { fieldFilter } from './field-filter.js';
import { fingerprintOf, type Receipts } from './receipts.js';
import type { ApiReply, ApiRequest } from './request.js';
import { serverSentEvents, type StreamEvent } from './server-sent-events.js';
import type { RequestValidation } from './validation.js';

const NOTHING_HIDDEN: ReadonlySet<DataClass> = new Set();
const PHI_HIDDEN: ReadonlySet<DataClass> = new Set(['phi']);
const KEY = /^[\x21-\x7e]{1,200}$/;

interface Parts {
  readonly definition: ApiDefinition;
  readonly receipts: Receipts;
  readonly audit: AuditTrail;
  readonly validation: () => RequestValidation;
  readonly handlerTimeoutMs: number;
}

/**
 * What happens to a request once the guards have let it in, in this order: idempotency, validation, handler, field
 * filtering, audit. (Limits, token, audience, scope, access and rate come before; problems after.)
 */
export class PoliciesInterceptor implements NestInterceptor {
  constructor(private readonly parts: Parts) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<ApiRequest>();
    const reply = http.getResponse<ApiReply>();
    const handler = context.getHandler();
    const endpoint = Reflect.getMetadata(ENDPOINT, handler) as EndpointOptions & { effect: boolean };
    const operation = handler.name;
    const store = { correlationId: request.correlationId, caller: request.user?.clientId };
    return withContext(store, async () => {
      const run = async () => {
        this.parts.validation().check(operation, request);
        return this.inTime(lastValueFrom(next.handle(), { defaultValue: undefined }));
      };
      if (endpoint.stream) return of(await this.stream(run, reply));
      const answer = endpoint.effect ? await this.effect(endpoint, operation, request, reply, run) : await run();
      const filtered = this.filtered(endpoint, request, answer);
      await this.audited(endpoint, operation, request);
      return of(filtered);
    });
  }

  /** Runs an effect once for its key; the same request again gets the first answer and `Idempotent-Replayed: true`. */
  private async effect(
    endpoint: EndpointOptions,
    operation: string,
    request: ApiRequest,
    reply: ApiReply,
    run: () => Promise<unknown>,
  ): Promise<unknown> {
    const key = request.headers['idempotency-key'];
    if (key === undefined && endpoint.keyOptional) return run();
    if (typeof key !== 'string') throw new Problem('idempotency-key-missing');
    if (!KEY.test(key)) throw new Problem('malformed', 'Idempotency-Key must be 1 to 200 printable characters');
    const path = Object.values(request.params as Record<string, string>).join('/');
    const scope = `${request.user?.clientId} ${this.parts.definition.name}.${operation} ${path}`;
    const status = endpoint.status ?? 200;
    const effect = async () => ({ status, body: await run() });
    const receipt = await this.parts.receipts.once(scope, key, fingerprintOf(request.body), effect);
    if (receipt.replayed) void reply.header('idempotent-replayed', 'true');
    return receipt.body ?? undefined;
  }

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

  private filtered(endpoint: EndpointOptions, request: ApiRequest, answer: unknown): unknown {
    if (!endpoint.answer || answer === undefined) return answer;
    const mayIdentify = request.user?.may(phiScope(this.parts.definition)) ?? false;
    return fieldFilter(endpoint.answer as Shape, mayIdentify ? NOTHING_HIDDEN : PHI_HIDDEN)(answer);
  }

  /** An effect, and a look at PHI, is answered only once its audit line is durable; other reads do not wait for it. */
  private async audited(endpoint: EndpointOptions, operation: string, request: ApiRequest): Promise<void> {
    const { definition, audit } = this.parts;
    const durable = audit.record({
      api: `${definition.layer}/${definition.name}`,
      operation,
      action: request.method === 'GET' ? 'read' : 'execute',
      outcome: 'success',
      client: request.user?.clientId ?? 'anonymous',
      correlationId: request.correlationId,
      resource: Object.values(request.params as Record<string, string>).join('/') || undefined,
    });
    if (endpoint.effect || definition.dataClass === 'phi') await durable;
  }

  private async stream(run: () => Promise<unknown>, reply: ApiReply): Promise<StreamableFile> {
    const events = (await run()) as AsyncIterable<StreamEvent>;
    void reply.header('cache-control', 'no-store').header('x-accel-buffering', 'no');
    return new StreamableFile(Readable.from(serverSentEvents(events)), { type: 'text/event-stream' });
  }
}
