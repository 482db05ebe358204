import type { EndpointOptions } from './endpoint.js';
import type { ApiReply, ApiRequest } from './request.js';

/** One request on its way through the policies. */
export interface Call {
  readonly endpoint: EndpointOptions & { readonly effect: boolean };
  readonly operation: string;
  readonly request: ApiRequest;
  readonly reply: ApiReply;
  readonly handle: () => Promise<unknown>;
}
