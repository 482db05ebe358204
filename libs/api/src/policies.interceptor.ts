import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { AuditTrail } from '@concord/audit';
import type { DataClass, Shape } from '@concord/canonical';
import { log, withContext } from '@concord/observability';
import { ENDPOINT } from '@concord/policy';
import { lastValueFrom, of, type Observable } from 'rxjs';
import { auditLine } from './audit-line.js';
import type { Call } from './call.js';
import { apiId, basePath, type ApiDefinition } from './definition.js';
import { phiScope, restrictedScope } from './endpoints.js';
import { tagAnswer } from './entity-tag.js';
import { fieldFilter } from './field-filter.js';
import { once } from './idempotency.js';
import { inTime } from './in-time.js';
import { priorityOf } from './priority-header.js';
import type { Receipts } from './receipts.js';
import { tellsOfPerson } from './personal.js';
import type { ApiReply, ApiRequest } from './request.js';
import { eventStream, type StreamEvent } from './server-sent-events.js';
import type { RequestValidation } from './validation.js';

/** What an answer lacks, by whether its caller may see patients, and what is restricted. */
const HIDDEN: Readonly<Record<string, ReadonlySet<DataClass>>> = {
  'true true': new Set(),
  'true false': new Set(['restricted']),
  'false true': new Set(['phi']),
  'false false': new Set(['phi', 'restricted']),
};

interface Parts {
  readonly definition: ApiDefinition;
  readonly receipts: Receipts;
  readonly audit: AuditTrail;
  readonly validation: RequestValidation;
  readonly handlerTimeoutMs: number;
}

/**
 * What happens to a request once the guards have let it in, in this order: idempotency, validation, handler, field
 * filtering, audit. (Limits, token, audience, scope, access and rate come before; problems after.) A caller whose time
 * is up is told so; what was begun for it goes on, is kept in its receipt, and is audited.
 */
export class PoliciesInterceptor implements NestInterceptor {
  private readonly api: string;
  private readonly phiScope: string;
  private readonly restrictedScope: string;

  constructor(private readonly parts: Parts) {
    this.api = apiId(parts.definition);
    this.phiScope = phiScope(parts.definition);
    this.restrictedScope = restrictedScope(parts.definition);
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
    const priority = this.parts.definition.priority ?? priorityOf(request);
    const store = {
      correlationId: request.correlationId,
      caller: request.user?.clientId,
      ...(priority === undefined ? {} : { priority }),
    };
    const { handlerTimeoutMs } = this.parts;
    return withContext(store, async () => of(await inTime(this.answered(call), handlerTimeoutMs)));
  }

  private async answered(call: Call): Promise<unknown> {
    const answer = call.endpoint.effect ? await this.done(call) : await this.handled(call);
    await this.audited(call);
    if (call.endpoint.stream) return this.streamed(call, answer as AsyncIterable<StreamEvent>);
    tagAnswer(call, answer);
    this.locate(call, answer);
    return answer;
  }

  /** Says at which address of this API what was made is found (RFC 9110, 10.2.2). */
  private locate({ endpoint: { location }, reply }: Call, answer: unknown): void {
    if (location === undefined) return;
    const { id } = answer as { id: string };
    void reply.header('location', `${basePath(this.parts.definition)}/${location}/${encodeURIComponent(id)}`);
  }

  /** Only what the handler answers within its declared shape goes on, into the receipt as well. */
  private async done(call: Call): Promise<unknown> {
    const { receipts, definition } = this.parts;
    const { replayed, body } = await once(receipts, definition.name, call, () => this.handled(call));
    return replayed ? this.visible(call, body) : body;
  }

  private async handled(call: Call): Promise<unknown> {
    this.parts.validation.check(call.operation, call.request);
    const answer = await call.handle();
    return call.endpoint.stream ? answer : this.visible(call, answer);
  }

  /** The declared fields that the caller may see. What has no declared shape leaves as text, or as an event, only. */
  private visible({ endpoint, request }: Call, answer: unknown): unknown {
    if (endpoint.answer) {
      const phi = request.user?.may(this.phiScope) ?? false;
      const hidden = HIDDEN[`${phi} ${this.discloses({ endpoint, request })}`]!;
      return answer === undefined ? undefined : fieldFilter(endpoint.answer as Shape, hidden)(answer);
    }
    return endpoint.stream || typeof answer === 'string' || Buffer.isBuffer(answer) ? answer : undefined;
  }

  /** The answer of an effect never tells what is restricted: it is kept in a receipt. It is read afterwards. */
  private discloses({ endpoint, request }: Pick<Call, 'endpoint' | 'request'>): boolean {
    return !endpoint.effect && (request.user?.may(this.restrictedScope) ?? false);
  }

  /**
   * An effect, and a look at what tells of a person, is answered only once its audit line is durable. Other reads, as that
   * of a price in an API of PHI, do not wait for theirs.
   */
  private async audited(call: Call): Promise<void> {
    const { endpoint, request } = call;
    const { definition, audit } = this.parts;
    const durable = audit.record(auditLine(this.api, request, 'success'));
    const isPersonal = definition.dataClass === 'phi' && tellsOfPerson(endpoint.answer as Shape | undefined);
    if (endpoint.effect || isPersonal || this.discloses(call)) return durable;
    durable.catch((error: unknown) => log.error('audit.failed', { api: this.api, error }));
  }

  private streamed(call: Call, events: AsyncIterable<StreamEvent>): unknown {
    const { api } = this;
    const { reply, operation } = call;
    const visible = (event: StreamEvent) => ({ ...event, data: this.visible(call, event.data) });
    const onFailure = (error: unknown) => log.error('stream.failed', { api, operation, error });
    return eventStream(events, { reply, visible, onFailure });
  }
}
