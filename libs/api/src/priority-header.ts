import { currentContext, PRIORITIES, type Priority } from '@concord/observability';
import type { ApiRequest } from './request.js';

/** Urgency of each class as the header `Priority` says it (RFC 9218, 4.1): 0 to 7, the default is 3. */
const URGENCY: Readonly<Record<Priority, string>> = { care: 'u=1', revenue: 'u=3', analytics: 'u=5' };

/** The class of the work at hand, for the API that is called on its behalf. */
export function priorityHeader(): Record<string, string> {
  const { priority } = currentContext() ?? {};
  return priority === undefined ? {} : { priority: URGENCY[priority] };
}

/** The class that a client of our own names; nobody else raises himself above others. */
export function priorityOf({ headers, user }: ApiRequest): Priority | undefined {
  const { priority } = headers;
  if (typeof priority !== 'string' || !/^(process|experience)-/.test(user?.clientId ?? '')) return undefined;
  return PRIORITIES.find((one) => URGENCY[one] === priority);
}
