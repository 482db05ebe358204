import axios, { type AxiosInstance, type AxiosResponseTransformer } from 'axios';
import { Pool } from 'undici';
import { undiciAdapter } from './undici.adapter.js';
import { unreadableAnswer, wireProblem } from './wire-problem.js';

/**
 * The one way out over HTTP: axios as everybody knows it, on connections that are kept open, with limits on everything.
 * What goes wrong on the wire is rejected as a `Problem`; a status of 400 and above is an answer, which the caller
 * reads. Redirects are answers too, and proxies of the environment are not used.
 */
export interface HttpClientSettings {
  /** Scheme, host and, where there is one, path: `https://erp.example/api/v2`. Requests stay below it. */
  readonly baseUrl: string;
  /** From the request to the last byte of the answer, in milliseconds. A request may name its own as `timeout`. */
  readonly timeoutMs?: number;
  /** The largest body that is read; a larger answer is `upstream-rejected`. */
  readonly maxResponseBytes?: number;
  /** Connections at once; further requests wait for one. */
  readonly connections?: number;
}

export interface HttpClient extends AxiosInstance {
  /** Ends the connections when the requests under way are answered. */
  close(): Promise<void>;
}

const TIMEOUT_MS = 10_000;
const MAX_RESPONSE_BYTES = 10 * 1024 * 1024;
const CONNECTIONS = 64;

export function httpClient({
  baseUrl,
  timeoutMs = TIMEOUT_MS,
  maxResponseBytes = MAX_RESPONSE_BYTES,
  connections = CONNECTIONS,
}: HttpClientSettings): HttpClient {
  const { origin, host, pathname } = new URL(baseUrl);
  const pool = new Pool(origin, {
    connections,
    maxResponseSize: maxResponseBytes,
    connect: { timeout: timeoutMs },
    headersTimeout: 0, // the adapter keeps the time of the whole request
    bodyTimeout: 0,
  });
  const client = axios.create({
    adapter: undiciAdapter(pool, pathname.replace(/\/+$/, ''), host),
    timeout: timeoutMs,
    maxRedirects: 0,
    proxy: false,
    headers: { 'user-agent': 'concord', 'accept-encoding': 'identity' },
    transformResponse: readJson,
  });
  client.interceptors.response.use(undefined, (error) => Promise.reject(wireProblem(error, host)));
  return Object.assign(client, { close: () => pool.close() });
}

/** Reads what is declared as JSON. A failure page that is not what it claims to be is left to the caller as text. */
const readJson: AxiosResponseTransformer = (data: unknown, headers, status = 200) => {
  if (typeof data !== 'string' || data === '' || !/[/+]json\b/.test(String(headers['content-type'] ?? ''))) return data;
  try {
    return JSON.parse(data) as unknown;
  } catch {
    if (status >= 400) return data;
    throw unreadableAnswer();
  }
};
