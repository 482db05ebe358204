/**
 * The one session of this process with Tryton. Logging in is slow, and Tryton meets wrong passwords with growing delays
 * and then 429: whoever needs a session waits for the login under way, and after a refused one nobody knocks again for a
 * while.
 */
import { Problem } from '@concord/canonical';
import type { HttpClient, Time } from '@concord/resilience';
import { problemOfStatus, resultOf } from './answer.js';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export interface Session {
  /** Value of the Authorization header. */
  readonly authorization: string;
  readonly userId: number;
  /** Company, language and the like; goes along with every call as its last parameter. */
  readonly context: Readonly<Record<string, unknown>>;
  /** When it was opened, and so its credentials were last known to be good, in milliseconds. */
  readonly since: number;
}

/** How long nobody knocks after a refused login. */
const PAUSE_MS = 60_000;

export class Sessions {
  private current: Promise<Session> | undefined;
  private refusal: { readonly problem: Problem; readonly until: number } | undefined;

  constructor(
    private readonly http: HttpClient,
    private readonly credentials: Credentials,
    private readonly time: Time,
    private readonly opened: () => void = () => undefined,
  ) {}

  get(): Promise<Session> {
    this.current ??= this.open().catch((error: unknown) => {
      this.current = undefined;
      throw error;
    });
    return this.current;
  }

  /** Lets go of a session that Tryton no longer takes; where another one is open by now, that one stays. */
  async drop(ended: Session): Promise<void> {
    const current = await this.current?.catch(() => undefined);
    if (current === ended) this.current = undefined;
  }

  /** Tells Tryton that the session is over. */
  async close(): Promise<void> {
    const session = await this.current?.catch(() => undefined);
    this.current = undefined;
    if (session) await this.send('common.db.logout', [], session.authorization).catch(() => undefined);
  }

  private async open(): Promise<Session> {
    const { problem, until = 0 } = this.refusal ?? {};
    const left = until - this.time.now();
    if (problem && left > 0) {
      throw new Problem(problem.slug, problem.detail, { retryAfter: Math.ceil(left / 1000) });
    }
    const { user, password } = this.credentials;
    const answer = await this.send('common.db.login', [user, { password }, 'en']);
    if (answer.status === 401 || answer.status === 429) throw this.refused(answer.status);
    if (answer.status >= 400) throw problemOfStatus(answer.status);
    const login = resultOf(answer.data);
    if (!Array.isArray(login)) throw this.refused(401);
    const [userId, key] = login as [number, string];
    const authorization = `Session ${Buffer.from(`${user}:${userId}:${key}`).toString('base64')}`;
    const preferences = await this.send('model.res.user.get_preferences', [true, {}], authorization);
    if (preferences.status >= 400) throw problemOfStatus(preferences.status);
    const context = { ...(resultOf(preferences.data) as object), language: 'en' }; // so that refusals can be told apart
    this.refusal = undefined;
    this.opened();
    return { authorization, userId, context, since: this.time.now() };
  }

  private refused(status: number): Problem {
    const detail = status === 429 ? 'Tryton asks for a pause between logins' : 'Tryton refused the login';
    const problem = new Problem('upstream-unavailable', detail, { retryAfter: PAUSE_MS / 1000 });
    this.refusal = { problem, until: this.time.now() + PAUSE_MS };
    return problem;
  }

  private send(method: string, params: readonly unknown[], authorization?: string) {
    const headers = authorization ? { authorization } : {};
    return this.http.post<unknown>('/', { id: 0, method, params }, { headers });
  }
}
