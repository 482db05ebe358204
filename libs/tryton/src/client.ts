/**
 * Tryton over JSON-RPC, as its own clients speak it: `POST {base}/{database}/` with exactly `id`, `method` and `params`,
 * whose last element is always the context. One session is kept; a 401 says that the call was not executed (an idle
 * session may read but not post), so it is repeated once after a new login, reads and effects alike.
 *
 * Every call goes through the `vendor`: a breaker for each model, one budget of calls for all connectors to this Tryton.
 * Throws `TrytonRefusal` for what a rule of Tryton's refuses, and other problems for what failed on the way. Questions
 * are repeated with back-off; effects are not: whether one was done is known to nobody but Tryton.
 */
import { undated } from '@concord/api';
import { httpClient, realTime, Vendor, type HttpClient, type Time } from '@concord/resilience';
import { problemOfStatus, resultOf, TrytonRefusal } from './answer.js';
import { Sessions, type Credentials } from './session.js';
import { capabilityOf, trytonPolicy } from './tryton.vendor.js';

export interface TrytonSettings extends Credentials {
  /** Scheme, host and port; the database is the path: `http://127.0.0.1:8000`. */
  readonly url: string;
  readonly database: string;
  readonly timeoutMs: number;
  /** Calls at once. Tryton opens a database connection for each. */
  readonly connections: number;
  /** Parts of the names of questions (`UserWarning`) that may be answered with yes; none where nothing is said. */
  readonly acceptedQuestions?: readonly string[];
}

/** Beside or over what the session's own context says. */
export type CallContext = Readonly<Record<string, unknown>>;

export class TrytonClient {
  private readonly http: HttpClient;
  private readonly sessions: Sessions;
  private calls = 0;

  constructor(
    private readonly settings: TrytonSettings,
    readonly vendor: Vendor = new Vendor('tryton', trytonPolicy(settings)),
    time: Time = realTime,
  ) {
    const { url, database, timeoutMs, connections } = settings;
    const baseUrl = `${url.replace(/\/+$/, '')}/${database}`;
    this.http = httpClient({ baseUrl, timeoutMs, connections });
    this.sessions = new Sessions(this.http, settings, time, () =>
      vendor.credential({ kind: 'session', since: new Date() }),
    );
    vendor.credential(undated('password', settings.password));
  }

  /** Asks something that changes nothing. */
  ask<T>(method: string, params: readonly unknown[], context: CallContext = {}): Promise<T> {
    return this.vendor.run(capabilityOf(method), () => this.send<T>(method, params, context));
  }

  /** Does something, at most once as far as we know. */
  effect<T>(method: string, params: readonly unknown[], context: CallContext = {}): Promise<T> {
    const call = async () => {
      try {
        return await this.send<T>(method, params, context);
      } catch (error) {
        if (!(error instanceof TrytonRefusal) || !this.mayAnswer(error)) throw error;
        await this.answerYes(error, context);
        return this.send<T>(method, params, context);
      }
    };
    return this.vendor.run(capabilityOf(method), call, { once: true });
  }

  /** Asks again and again whether it answers and takes us for who we are: the cheapest question that needs a session. */
  watch(): void {
    this.vendor.watch(() => this.ask('model.res.user.search_count', [[['id', '=', 0]]]));
  }

  /** The user that calls are made as. */
  async userId(): Promise<number> {
    return (await this.sessions.get()).userId;
  }

  /** Opens a new session at the next call, for what changed about the user itself. */
  async forget(): Promise<void> {
    await this.sessions.close();
  }

  async close(): Promise<void> {
    await this.sessions.close();
    await this.http.close();
    this.vendor.close();
  }

  private async send<T>(method: string, params: readonly unknown[], context: CallContext, again = true): Promise<T> {
    const session = await this.sessions.get();
    const body = { id: ++this.calls, method, params: [...params, { ...session.context, ...context }] };
    const { authorization } = session;
    const answer = await this.http.post<unknown>('/', body, { headers: { authorization } });
    if (answer.status === 401) {
      await this.sessions.drop(session);
      if (again) return this.send<T>(method, params, context, false);
    }
    if (answer.status >= 400) throw problemOfStatus(answer.status);
    return resultOf(answer.data) as T;
  }

  private mayAnswer({ question }: TrytonRefusal): boolean {
    const { acceptedQuestions = [] } = this.settings;
    return question !== undefined && acceptedQuestions.some((part) => question.includes(part));
  }

  private async answerYes({ question }: TrytonRefusal, context: CallContext): Promise<void> {
    const warning = { user: await this.userId(), name: question, always: false };
    await this.send('model.res.user.warning.create', [[warning]], context);
  }
}
