/**
 * SMART Backend Services (SMART App Launch 2.0): a token for a signed assertion, kept until shortly before it ends. Where
 * our clock and the server's differ, the server's counts: an assertion that it would find too early or too late is refused.
 */
import { randomUUID } from 'node:crypto';
import type { AxiosResponse } from 'axios';
import { importJWK, SignJWT, type JWK } from 'jose';
import { Problem } from '@concord/canonical';
import { textOf } from './wire.js';

interface Grant {
  readonly token: string;
  /** Milliseconds of our clock. */
  readonly until: number;
}

interface AccessSettings {
  readonly clientId: string;
  readonly key: JWK;
  readonly scope: string;
  readonly clock: () => Date;
  /** Told of every token: since when we have it, and until when it is good. */
  readonly obtained?: (since: Date, expiresAt: Date) => void;
}

const ASSERTION_SECONDS = 240;
const MARGIN_MS = 30_000;

/** Below this, a difference is the time that the answer took. */
const SKEW_MS = 5_000;

/** Fetches an absolute address of the EHR's own origin. */
export type Ask = (method: 'get' | 'post', url: string, body?: string) => Promise<AxiosResponse<unknown>>;

export class FhirAccess {
  private grant: Promise<Grant> | undefined;
  private current: string | undefined;
  private skewMs = 0;

  /** @param discovery address of `.well-known/smart-configuration` */
  constructor(
    private readonly ask: Ask,
    private readonly discovery: string,
    private readonly settings: AccessSettings,
  ) {}

  /** One token for all who ask at the same time. */
  async token(): Promise<string> {
    const known = await this.grant;
    if (known && known.until > this.now()) return known.token;
    this.grant = this.obtain();
    this.grant.catch(() => (this.grant = undefined));
    return (await this.grant).token;
  }

  /** The server does not know the token any more. */
  refused(token: string): void {
    if (token === this.current) this.grant = undefined;
  }

  private async obtain(): Promise<Grant> {
    const endpoint = await this.endpoint();
    const first = await this.exchange(endpoint);
    const answer = first.status >= 400 && this.learnSkew(first.headers['date']) ? await this.exchange(endpoint) : first;
    const { access_token, expires_in } = (answer.data ?? {}) as { access_token?: unknown; expires_in?: unknown };
    const token = textOf(access_token);
    if (answer.status === 429 || answer.status >= 500)
      throw new Problem('upstream-unavailable', 'The EHR gives no token now');
    if (token === undefined || answer.status !== 200)
      throw new Problem('upstream-rejected', 'The EHR does not accept our client: check EHR_FHIR_CLIENT and its key');
    this.current = token;
    const seconds = typeof expires_in === 'number' ? expires_in : ASSERTION_SECONDS;
    const since = this.now();
    this.settings.obtained?.(new Date(since), new Date(since + seconds * 1000));
    return { token, until: this.now() + Math.max(seconds * 1000 - MARGIN_MS, seconds * 500) };
  }

  private async endpoint(): Promise<string> {
    const { status, data } = await this.ask('get', this.discovery);
    if (status === 429 || status >= 500)
      throw new Problem('upstream-unavailable', 'The EHR does not say how to log in');
    const endpoint = textOf((data as { token_endpoint?: unknown } | undefined)?.token_endpoint);
    if (status === 200 && endpoint !== undefined && URL.canParse(endpoint)) return endpoint;
    throw new Problem('upstream-rejected', 'The EHR has no .well-known/smart-configuration');
  }

  private async exchange(endpoint: string) {
    const { clientId, key, scope } = this.settings;
    const seconds = Math.floor((this.now() + this.skewMs) / 1000);
    const assertion = await new SignJWT()
      .setProtectedHeader({ alg: key.alg ?? 'ES384', kid: key.kid, typ: 'JWT' })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(endpoint)
      .setJti(randomUUID())
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + ASSERTION_SECONDS)
      .sign(await importJWK(key));
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      scope,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    });
    return this.ask('post', endpoint, form.toString());
  }

  /** Whether the server's clock is another one than we thought. */
  private learnSkew(date: unknown): boolean {
    const skew = Date.parse(String(date)) - this.now();
    if (Number.isNaN(skew) || Math.abs(skew - this.skewMs) < SKEW_MS) return false;
    this.skewMs = skew;
    return true;
  }

  private now(): number {
    return this.settings.clock().getTime();
  }
}
