import type { CauseClass, HoldsPhi, ProblemSlug } from '@concord/canonical';

/**
 * The whole list of what a log line may say. A field that is not here cannot be logged: it does not compile, and a value
 * that gets past the compiler is dropped and counted. To log something new, name it here, where the review sees it.
 * No field holds a sentence, a URL, a body or a name of a person.
 */
interface Kind<T> {
  readonly admits: (value: unknown) => boolean;
  readonly type?: T;
}

const matching =
  <T extends string = string>(form: RegExp): (() => Kind<T>) =>
  () => ({ admits: (value) => typeof value === 'string' && form.test(value) });

/** An identifier or a code: no blanks, hence no sentence and no full name. */
const CODE = /^[\w.:/@+*#{}$-]{1,200}$/;
/** A route as it was declared. A segment that begins with a digit would be somebody's id. */
const ROUTE = /^(?:\/(?:[:*$]?[A-Za-z][\w.-]*|\*)?)+$/;

const code = <T extends string = string>(): Kind<T> => matching<T>(CODE)();
const route = matching(ROUTE);
const number = (): Kind<number> => ({ admits: (value) => typeof value === 'number' && Number.isFinite(value) });
const flag = (): Kind<boolean> => ({ admits: (value) => typeof value === 'boolean' });
const thrown = (): Kind<unknown> => ({ admits: (value) => value !== undefined });

export const LOG_FIELDS = {
  // whose work it is
  correlationId: code(),
  traceId: code(),
  caller: code(), // client id
  // a request
  api: code(),
  operation: code(), // operationId
  version: code(),
  method: code(),
  route: route(), // the pattern, never the URL
  status: number(), // HTTP status
  problem: code<ProblemSlug>(),
  causeClass: code<CauseClass>(),
  // a workflow
  workflow: code(),
  runId: code(),
  step: code(),
  eventType: code(),
  eventId: code(),
  exceptionId: code(),
  owner: code(), // the role that has to act
  // a system behind
  target: code(), // connector and operation
  connector: code(),
  state: code(),
  attempt: number(),
  delayMs: number(),
  // figures
  durationMs: number(),
  lagMs: number(),
  count: number(),
  failed: number(),
  pending: number(),
  bytes: number(),
  // the process
  component: code(),
  name: code(), // of a migration, a projection, a job
  reason: code(),
  host: code(),
  port: number(),
  childPid: number(), // of a server we started
  signal: code(), // of the operating system
  exitCode: number(),
  adopted: flag(),
  ready: flag(),
  error: thrown(), // anything that was thrown; only a problem's own words are shown
} as const satisfies Record<string, Kind<unknown>>;

export type LogField = keyof typeof LOG_FIELDS;

/** The fields of a log line with their types. */
export type LogFields = {
  readonly [Field in LogField]?: (typeof LOG_FIELDS)[Field] extends Kind<infer Value> ? Value : never;
};

/** Compiles for listed fields only, and for no value that is declared as PHI. */
export type Loggable<F> = { readonly [Field in keyof F]: Field extends LogField ? WithoutPhi<F[Field]> : never };

type WithoutPhi<V> = V extends string ? (HoldsPhi<V> extends true ? never : V) : V;
