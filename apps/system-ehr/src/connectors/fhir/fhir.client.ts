/**
 * FHIR R4 REST (§3.1.0) as a client: every call with a token, and through the `vendor`, which has a breaker for each type of
 * resource and one budget for all. The failures of the EHR come out as problems.
 * What the EHR says in an OperationOutcome may quote a record: only its codes are taken.
 */
import { StringDecoder } from 'node:string_decoder';
import type { Bundle, OperationOutcome, Resource } from '@medplum/fhirtypes';
import { Problem, type ProblemSlug } from '@concord/canonical';
import { httpClient, Vendor, type HttpClient, type VendorPolicy } from '@concord/resilience';
import type { JWK } from 'jose';
import { Pool } from 'undici';
import { FhirAccess } from './fhir.access.js';
import { listOf, textOf } from './wire.js';

interface ClientSettings {
  readonly url: string;
  readonly clientId: string;
  readonly key: JWK;
  readonly scope: string;
  readonly clock: () => Date;
  readonly vendor?: Vendor;
}

export type Identified = Resource & { readonly id: string };

/** A page of a search, as it came and as it reads. */
export interface SearchPage {
  readonly text: string;
  readonly matches: readonly Identified[];
  readonly included: readonly Identified[];
  /** Address of the next page, below the base. */
  readonly next?: string;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

const FHIR_JSON = 'application/fhir+json';
const TIMEOUT_MS = 10_000;
export const FHIR_POLICY: VendorPolicy = { timeoutMs: TIMEOUT_MS, deadlineMs: 25_000, apis: [] };
const LINES_PAUSE_MS = 30_000;
const LONGEST_LINE = 5_000_000;
/** Pages that one question may have; a search that never ends is the EHR's fault, and not to be ours. */
const MOST_PAGES = 10_000;

export class FhirClient {
  readonly vendor: Vendor;
  private readonly http: HttpClient;
  private readonly access: FhirAccess;
  private readonly base: URL;
  /** Whole files do not go through `http`, which reads an answer before it gives it. */
  private readonly files: Pool;

  constructor({ url, clientId, key, scope, clock, vendor = new Vendor('ehr-fhir', FHIR_POLICY) }: ClientSettings) {
    this.vendor = vendor;
    this.base = new URL(url.replace(/\/+$/, ''));
    this.http = httpClient({ baseUrl: this.base.origin, timeoutMs: TIMEOUT_MS });
    this.files = new Pool(this.base.origin, { connections: 2, headersTimeout: TIMEOUT_MS });
    const ask = (method: 'get' | 'post', address: string, body?: string) =>
      this.http.request<unknown>({
        method,
        url: this.pathOf(address),
        data: body,
        headers: { accept: 'application/json', ...(body && { 'content-type': 'application/x-www-form-urlencoded' }) },
      });
    const discovery = `${this.base.href}/.well-known/smart-configuration`;
    const obtained = (since: Date, expiresAt: Date) => vendor.credential({ kind: 'token', since, expiresAt });
    this.access = new FhirAccess(ask, discovery, { clientId, key, scope, clock, obtained });
  }

  async close(): Promise<void> {
    this.vendor.close();
    await Promise.all([this.http.close(), this.files.close()]);
  }

  /** Asks again and again for one encounter at most: it needs a token that holds, and is what all work begins with. */
  watch(): void {
    this.vendor.watch(() => this.search('Encounter', PROBE));
  }

  /** Throws `not-found`, also for what was deleted. */
  async read(type: string, id: string): Promise<Identified> {
    const { text } = await this.call('get', `${type}/${encodeURIComponent(id)}`);
    return identified(parsed(text), type);
  }

  /** The first page of a search. Parameters that come several times all have to hold. */
  search(type: string, parameters: readonly (readonly [string, string])[]): Promise<SearchPage> {
    const query = new URLSearchParams(parameters.map(([name, value]): [string, string] => [name, value]));
    return this.page(`${type}?${query.toString()}`);
  }

  /** A page by the address that `next` gave. */
  async page(address: string): Promise<SearchPage> {
    const { text } = await this.call('get', address);
    const bundle = parsed(text) as unknown as Bundle;
    if (bundle.resourceType !== 'Bundle' || bundle.type !== 'searchset') throw unexpected();
    const entries = listOf(bundle.entry).filter(({ resource }) => textOf(resource?.id) !== undefined);
    const those = (mode: string) =>
      entries.flatMap(({ resource, search }) => ((search?.mode ?? 'match') === mode ? [resource as Identified] : []));
    const next = textOf(listOf(bundle.link).find(({ relation }) => relation === 'next')?.url);
    return {
      text,
      matches: those('match'),
      included: those('include'),
      ...(next !== undefined && { next: this.below(next) }),
    };
  }

  /** Every page of a search, one after the other. */
  async *pages(type: string, parameters: readonly (readonly [string, string])[]): AsyncGenerator<SearchPage> {
    let page = await this.search(type, parameters);
    for (let count = 1; ; count += 1) {
      yield page;
      if (page.next === undefined) return;
      if (count >= MOST_PAGES)
        throw new Problem('upstream-rejected', 'The EHR answers with more pages than there can be');
      page = await this.page(page.next);
    }
  }

  /** Creates or, where it has an id, replaces a resource; answers as what it was stored. */
  async write(resource: Resource): Promise<Identified> {
    const { resourceType, id } = resource;
    const [method, address] =
      id === undefined ? (['post', resourceType] as const) : (['put', `${resourceType}/${id}`] as const);
    const { text } = await this.call(method, address, JSON.stringify(resource));
    return identified(parsed(text), resourceType);
  }

  /** Any address of the EHR, with a token: for what is not a resource. */
  async call(
    method: 'get' | 'post' | 'put' | 'delete',
    address: string,
    body?: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    return this.vendor.run(this.capabilityOf(address), async () => {
      const token = await this.access.token();
      const answer = await this.send(method, address, token, body, headers);
      if (answer.status === 401) {
        this.access.refused(token);
        return taken(await this.send(method, address, await this.access.token(), body, headers));
      }
      return taken(answer);
    });
  }

  /** The lines of a large file as they come, with no more than one of them in memory. */
  async *lines(address: string): AsyncGenerator<string> {
    const body = await this.vendor.run('bulk-files', async () => {
      const headers = { accept: 'application/fhir+ndjson', authorization: `Bearer ${await this.access.token()}` };
      const options = { method: 'GET', path: this.pathOf(address), headers, bodyTimeout: LINES_PAUSE_MS } as const;
      const answer = await this.files.request(options).catch(lost);
      if (answer.statusCode < 300) return answer.body;
      await answer.body.dump();
      taken({ status: answer.statusCode, headers: answer.headers, text: '' });
      throw unexpected();
    });
    let rest = '';
    const decoder = new StringDecoder('utf8');
    try {
      for await (const chunk of body) {
        const parts = `${rest}${decoder.write(chunk as Buffer)}`.split('\n');
        rest = parts.pop() ?? '';
        if (rest.length > LONGEST_LINE)
          throw new Problem('upstream-rejected', 'A line of the EHR is longer than allowed');
        for (const line of parts) if (line.trim() !== '') yield line;
      }
    } catch (error) {
      throw error instanceof Problem ? error : lost(error);
    }
    if (rest.trim() !== '') yield rest;
  }

  private async send(
    method: string,
    address: string,
    token: string,
    body: string | undefined,
    headers: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    const answer = await this.http.request<string>({
      method,
      url: this.pathOf(address),
      data: body,
      transformResponse: (data: unknown) => data, // the bytes are kept as they came
      headers: {
        accept: FHIR_JSON,
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': FHIR_JSON }),
        ...headers,
      },
    });
    return { status: answer.status, headers: answer.headers, text: answer.data };
  }

  /** Throws `upstream-rejected` for an address elsewhere: a link of the EHR must not lead our token to another host. */
  below(address: string): string {
    const url = new URL(address, `${this.base.href}/`);
    const isBelow =
      url.origin === this.base.origin && `${url.pathname}/`.startsWith(`${this.base.pathname.replace(/\/$/, '')}/`);
    if (isBelow) return url.href;
    throw new Problem('upstream-rejected', 'The EHR links to an address that is not its own');
  }

  /** The type of resource; `system` for what is none. */
  private capabilityOf(address: string): string {
    const path = new URL(address, `${this.base.href}/`).pathname.slice(
      this.base.pathname.replace(/\/$/, '').length + 1,
    );
    return /^[A-Z][A-Za-z]{2,40}(?=$|\/)/.exec(path)?.[0] ?? 'system';
  }

  /** Path and query on the EHR's host; the token endpoint may lie outside the base, but not on another host. */
  private pathOf(address: string): string {
    const url = new URL(address, `${this.base.href}/`);
    if (url.origin !== this.base.origin)
      throw new Problem('upstream-rejected', 'The EHR links to an address that is not its own');
    return `${url.pathname}${url.search}`;
  }
}

const PROBE = [['_count', '1']] as const;

/** What an HTTP status of the EHR means to a caller of ours. */
const SLUGS = new Map<number, ProblemSlug>([
  [404, 'not-found'],
  [410, 'not-found'],
  [409, 'conflict'],
  [412, 'stale'],
  [429, 'rate-limited'],
]);

function taken(answer: Answer): Answer {
  const { status, headers, text } = answer;
  if (status < 300) return answer;
  const slug = SLUGS.get(status) ?? (status >= 500 ? 'upstream-unavailable' : 'upstream-rejected');
  const seconds = Number(headers['retry-after']);
  throw new Problem(slug, slug === 'not-found' ? 'The EHR has no such resource' : `The EHR answered ${status}`, {
    ...(Number.isFinite(seconds) && { retryAfter: seconds }),
    context: { status: String(status), ...issueOf(text) },
  });
}

/** The first code of an OperationOutcome; its words are left where they are. */
function issueOf(text: string): { issue?: string } {
  try {
    const outcome = JSON.parse(text) as Partial<OperationOutcome>;
    const code = outcome.resourceType === 'OperationOutcome' ? textOf(listOf(outcome.issue)[0]?.code) : undefined;
    return code !== undefined && /^[a-z-]{1,40}$/.test(code) ? { issue: code } : {};
  } catch {
    return {};
  }
}

function parsed(text: string): Resource {
  try {
    return JSON.parse(text) as Resource;
  } catch {
    throw new Problem('upstream-unavailable', 'The answer is not the JSON that it claims to be');
  }
}

function identified(resource: Resource, type: string): Identified {
  if (resource.resourceType !== type || textOf(resource.id) === undefined) throw unexpected();
  return resource as Identified;
}

function lost(cause: unknown): never {
  throw new Problem('upstream-unavailable', 'The connection failed', { cause });
}

const unexpected = () => new Problem('upstream-rejected', 'The EHR answered something else than FHIR promises');
