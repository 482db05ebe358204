import { Problem } from '@concord/canonical';
import { httpClient, type HttpClient } from '@concord/resilience';
import type { ODataErpConfig } from './odata.config.js';

const RENEW_BEFORE_MS = 30_000;

/** The access token of the service (RFC 6749, section 4.4): asked for once, shared, and renewed before it ends. */
export class ODataToken {
  private readonly http: HttpClient;
  private readonly path: string;
  private granted: { readonly token: string; readonly until: number } | undefined;
  private asking: Promise<string> | undefined;

  /** @param obtained told of every token: since when we have it, and until when it is good */
  constructor(
    private readonly config: ODataErpConfig,
    private readonly obtained: (since: Date, expiresAt: Date) => void,
  ) {
    const { origin, pathname, search } = new URL(config.tokenUrl);
    this.path = `${pathname}${search}`;
    this.http = httpClient({ baseUrl: origin, timeoutMs: config.timeoutMs, connections: 1 });
  }

  /** Throws `upstream-rejected` where the client is refused. */
  async token(): Promise<string> {
    if (this.granted && Date.now() < this.granted.until) return this.granted.token;
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    return this.asking;
  }

  /** Drops the token, after it was refused. */
  forget(): void {
    this.granted = undefined;
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private async ask(): Promise<string> {
    const { clientId: username, clientSecret: password, scope } = this.config;
    const form = new URLSearchParams({ grant_type: 'client_credentials', ...(scope ? { scope } : {}) });
    const { status, data } = await this.http.post<{ access_token?: unknown; expires_in?: unknown }>(
      this.path,
      form.toString(),
      {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        auth: { username: encodeURIComponent(username), password: encodeURIComponent(password) },
      },
    );
    if (status >= 500) throw new Problem('upstream-unavailable', 'The token endpoint of the ERP does not answer');
    if (status !== 200 || typeof data.access_token !== 'string') {
      throw new Problem('upstream-rejected', 'The token endpoint of the ERP refuses the client', {
        context: { status: String(status) },
      });
    }
    const life = Number(data.expires_in ?? 60) * 1000;
    this.obtained(new Date(), new Date(Date.now() + life));
    this.granted = { token: data.access_token, until: Date.now() + Math.max(life - RENEW_BEFORE_MS, life / 2) };
    return data.access_token;
  }
}
