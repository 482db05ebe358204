import type { AuditEntry } from '@concord/audit';
import type { ApiRequest } from './request.js';

/** What the audit trail says of a request: who asked for which operation, and how it ended. */
export const auditLine = (api: string, request: ApiRequest, outcome: AuditEntry['outcome']): AuditEntry => ({
  api,
  operation: request.operation ?? 'unmatched',
  action: request.method === 'GET' || request.method === 'HEAD' ? 'read' : 'execute',
  outcome,
  client: request.user?.clientId ?? 'anonymous',
  correlationId: request.correlationId,
  // What was refused may not be an id at all; what was done has ids of the declared form in its path.
  resource: outcome === 'success' ? pathOf(request) || undefined : undefined,
});

/** The path parameters in their order: `5a018e7c/line-1`. */
export const pathOf = (request: ApiRequest): string =>
  Object.values(request.params as Record<string, string>).join('/');
