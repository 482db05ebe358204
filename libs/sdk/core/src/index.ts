export { Call, type Answer, type CallWrite, type SendOptions } from './call.js';
export { items, pages, type PageCall } from './page.js';
export { segment } from './segment.js';
export type { Method, Query, QueryValue, Transport, TransportRequest, TransportResponse } from './transport.js';
