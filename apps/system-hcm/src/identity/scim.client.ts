import { undated } from '@concord/api';
import { Problem } from '@concord/canonical';
import { httpClient, Vendor, type HttpClient, type VendorPolicy } from '@concord/resilience';
import type { ScimTarget } from './scim.config.js';
import { GROUP, patchOf, USER, ENTERPRISE, type ScimUser } from './scim.mapping.js';

/** What the provider says of itself (RFC 7643, 5), as far as it changes what we do. */
export interface Provider {
  readonly patch: boolean;
  readonly etag: boolean;
  readonly groups: boolean;
}

interface Listed<T> {
  readonly totalResults: number;
  readonly Resources?: readonly T[];
}

interface ScimGroup {
  readonly id: string;
  readonly displayName?: string;
}

const MEDIA = 'application/scim+json';
const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const TIMEOUT_MS = 10_000;
export const SCIM_POLICY: VendorPolicy = { timeoutMs: TIMEOUT_MS, retry: { attempts: 1 }, apis: [] };
/** Attributes of SCIM are few; more is no user. */
const MAX_BYTES = 2 * 1024 * 1024;

/**
 * The wire to a SCIM 2.0 provider (RFC 7644), through a `vendor` that has a breaker for each type of resource and one
 * budget for all. A create is never repeated here: whoever repeats it looks the user up
 * first. Throws `conflict` where another user has what must be unique, `stale` where the user changed meanwhile,
 * `rate-limited` with its Retry-After, `upstream-rejected` for any other refusal.
 */
export class ScimClient {
  private readonly http: HttpClient;
  private known: Promise<Provider> | undefined;

  constructor(
    { url, token }: ScimTarget,
    private readonly vendor = new Vendor('scim', SCIM_POLICY),
  ) {
    vendor.credential(undated('token', token));
    this.http = httpClient({ baseUrl: url, timeoutMs: TIMEOUT_MS, maxResponseBytes: MAX_BYTES });
    this.http.defaults.headers.common['authorization'] = `Bearer ${token}`;
    this.http.defaults.headers.common['accept'] = MEDIA;
  }

  close(): Promise<void> {
    this.vendor.close();
    return this.http.close();
  }

  /** Asks again and again what the provider can: that is small, and nobody reads it without the token. */
  watch(): void {
    this.vendor.watch(() => this.send('get', 'ServiceProviderConfig'));
  }

  /** Asked once; asked again where that failed. */
  provider(): Promise<Provider> {
    this.known ??= this.readProvider().catch((error: unknown) => {
      this.known = undefined;
      throw error;
    });
    return this.known;
  }

  /** Throws `conflict` where two users claim to be the same worker. */
  async findByExternalId(externalId: string): Promise<ScimUser | undefined> {
    const { Resources = [], totalResults } = await this.list<ScimUser>('Users', `externalId eq "${externalId}"`);
    if (totalResults > 1) throw new Problem('conflict', 'Two users of the provider are the same worker');
    return Resources[0];
  }

  async read(id: string): Promise<ScimUser | undefined> {
    try {
      return await this.send<ScimUser>('get', `Users/${encodeURIComponent(id)}`);
    } catch (error) {
      if (error instanceof Problem && error.slug === 'not-found') return undefined;
      throw error;
    }
  }

  create(user: ScimUser): Promise<ScimUser> {
    return this.send<ScimUser>('post', 'Users', { schemas: [USER, ENTERPRISE], ...user });
  }

  /** Only what differs, where the provider can; else the whole. Nothing is sent where nothing differs. */
  async change(is: ScimUser, should: ScimUser): Promise<ScimUser> {
    const operations = patchOf(is, should);
    if (!operations.length) return is;
    const { patch, etag } = await this.provider();
    const version = etag ? is.meta?.version : undefined;
    const path = `Users/${encodeURIComponent(is.id!)}`;
    const changed = patch
      ? await this.send<ScimUser>('patch', path, { schemas: [PATCH_OP], Operations: operations }, version)
      : await this.send<ScimUser>('put', path, { ...is, ...should, schemas: [USER, ENTERPRISE] }, version);
    return { ...is, ...should, ...changed, id: is.id };
  }

  /** Active users of the provider, from a place on (1 is the first). */
  async activeUsers(startIndex: number, count: number): Promise<{ users: readonly ScimUser[]; total: number }> {
    const query = { filter: 'active eq true', startIndex, count };
    const { Resources = [], totalResults } = await this.send<Listed<ScimUser>>(
      'get',
      'Users',
      undefined,
      undefined,
      query,
    );
    return { users: Resources, total: totalResults };
  }

  /** Makes the group where it is missing. Adding somebody twice is adding him once (RFC 7644, 3.5.2.1). */
  async join(userId: string, displayName: string): Promise<void> {
    const group =
      (await this.findGroup(displayName)) ??
      (await this.send<ScimGroup>('post', 'Groups', { schemas: [GROUP], displayName }).catch(() =>
        this.findGroup(displayName),
      ));
    if (!group) throw new Problem('upstream-rejected', 'The group cannot be made');
    await this.changeMembers(group, { op: 'add', path: 'members', value: [{ value: userId }] });
  }

  async leave(userId: string, displayName: string): Promise<void> {
    const group = await this.findGroup(displayName);
    if (group) await this.changeMembers(group, { op: 'remove', path: `members[value eq "${userId}"]` });
  }

  private async findGroup(displayName: string): Promise<ScimGroup | undefined> {
    return (await this.list<ScimGroup>('Groups', `displayName eq "${displayName}"`)).Resources?.[0];
  }

  private changeMembers({ id }: ScimGroup, operation: object): Promise<unknown> {
    return this.send('patch', `Groups/${encodeURIComponent(id)}`, { schemas: [PATCH_OP], Operations: [operation] });
  }

  private list<T>(resources: string, filter: string): Promise<Listed<T>> {
    return this.send<Listed<T>>('get', resources, undefined, undefined, { filter, startIndex: 1, count: 2 });
  }

  private async readProvider(): Promise<Provider> {
    type Says = Readonly<Record<string, { supported?: boolean } | undefined>>;
    const says = await this.send<Says>('get', 'ServiceProviderConfig');
    const types = await this.send<Listed<{ name?: string }>>('get', 'ResourceTypes');
    if (!says['filter']?.supported)
      throw new Problem('upstream-rejected', 'The identity provider has no filters: users could not be found again');
    return {
      patch: says['patch']?.supported === true,
      etag: says['etag']?.supported === true,
      groups: (types.Resources ?? []).some(({ name }) => name === 'Group'),
    };
  }

  private send<T>(
    method: 'get' | 'post' | 'put' | 'patch',
    url: string,
    data?: object,
    version?: string,
    params?: object,
  ): Promise<T> {
    const headers = {
      ...(data ? { 'content-type': MEDIA } : {}),
      ...(version ? { 'if-match': version } : {}),
    };
    return this.vendor.run(url.split('/', 1)[0]!, async () => {
      const {
        status,
        data: body,
        headers: said,
      } = await this.http.request<unknown>({
        method,
        url,
        headers,
        params,
        data: data && JSON.stringify(data),
      });
      if (status >= 300) throw refusalOf(status, said['retry-after']);
      if (status !== 204 && (typeof body !== 'object' || body === null || !('schemas' in body)))
        throw new Problem('upstream-rejected', 'The identity provider answered something else than SCIM');
      return body as T;
    });
  }
}

/** Its words may quote a name, so that only the status is taken. */
function refusalOf(status: number, retryAfter: unknown): Problem {
  const context = { status: String(status) };
  if (status === 404) return new Problem('not-found', 'The identity provider has no such resource');
  if (status === 409) return new Problem('conflict', 'Another user has what must be unique', { context });
  if (status === 412) return new Problem('stale');
  if (status === 429) return new Problem('rate-limited', undefined, { retryAfter: secondsOf(retryAfter) });
  if (status >= 500)
    return new Problem('upstream-unavailable', undefined, { retryAfter: secondsOf(retryAfter), context });
  return new Problem('upstream-rejected', 'The identity provider refused the request', { context });
}

const secondsOf = (retryAfter: unknown): number => Math.min(Number(retryAfter) || 1, 300);
