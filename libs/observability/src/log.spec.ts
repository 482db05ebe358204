import { Problem, type Phi } from '@concord/canonical';
import fc from 'fast-check';
import { withContext } from './context.js';
import { LOG_FIELDS, type LogField } from './log.fields.js';
import { createLogger, type Logger } from './log.js';
import { metricsText } from './metrics.js';

/** Stands for whatever must not be seen: 12 letters that occur nowhere else. */
const secrets = fc.string({ unit: fc.constantFrom(...'QXZJKV'), minLength: 12, maxLength: 12 });

function written(use: (log: Logger) => void): string {
  let output = '';
  use(createLogger({ level: 'debug', destination: { write: (line) => (output += line) } }));
  return output;
}

const lineOf = (use: (log: Logger) => void) => JSON.parse(written(use)) as Record<string, unknown>;

/** A call with what the compiler would have refused. */
const careless = (log: Logger): ((event: string, fields?: object) => void) => log.info;

describe('A log line', () => {
  it('names its event and carries the context and the listed fields', () => {
    const line = withContext({ correlationId: 'encounter-4711', runId: 'run-1', step: 'claim' }, () =>
      lineOf((log) => log.warn('run.parked', { problem: 'period-closed', causeClass: 'business', attempt: 2 })),
    );
    expect(line).toMatchObject({
      level: 'warn',
      event: 'run.parked',
      correlationId: 'encounter-4711',
      runId: 'run-1',
      step: 'claim',
      problem: 'period-closed',
      attempt: 2,
    });
  });

  it('tells its time in UTC, to the millisecond', () => {
    const before = Date.now();
    const { time } = lineOf((log) => log.info('run.started'));
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(Date.parse(String(time))).toBeGreaterThanOrEqual(before);
    expect(Date.parse(String(time))).toBeLessThanOrEqual(Date.now());
  });

  it('does not compile with a field that is not listed, nor with a value that is PHI', () => {
    const name = 'Testperson' as Phi<string>;
    const event = { runId: 'run-1', name: 'Testperson' as Phi<string> };
    written((log) => {
      // @ts-expect-error `patient` is not a field of the log
      log.info('encounter.read', { patient: 'x' });
      // @ts-expect-error the value is declared as PHI
      log.info('encounter.read', { runId: name });
      // @ts-expect-error one of its fields is declared as PHI
      log.info('encounter.read', event);
      // @ts-expect-error there is no such problem
      log.info('encounter.read', { problem: 'bad-luck' });
    });
  });

  it('never holds the value of a field that is not listed, wherever it hides', () => {
    const unlisted = fc.string().filter((name) => !Object.hasOwn(LOG_FIELDS, name));
    const value = (secret: string) =>
      fc.constantFrom<unknown>(secret, [secret], { family: secret }, { toJSON: () => secret }, new Error(secret));
    const hidden = secrets.chain((secret) => fc.record({ secret: fc.constant(secret), value: value(secret) }));
    fc.assert(
      fc.property(unlisted, hidden, (field, { secret, value }) => {
        expect(written((log) => careless(log)('encounter.read', { [field]: value, count: 1 }))).not.toContain(secret);
      }),
    );
  });

  it('never holds a sentence, an object or a list in a listed field', () => {
    const listed = fc.constantFrom(...(Object.keys(LOG_FIELDS) as LogField[]).filter((field) => field !== 'error'));
    fc.assert(
      fc.property(listed, secrets, fc.integer({ min: 0, max: 3 }), (field, secret, shape) => {
        const value = [`${secret} ${secret}`, { [secret]: secret }, [secret], `/v1/patients/1${secret}?q=${secret}`][
          shape
        ];
        expect(written((log) => careless(log)('encounter.read', { [field]: value }))).not.toContain(secret);
      }),
    );
  });

  it('has a fixed word for its event: a sentence is not an event', () => {
    expect(lineOf((log) => log.info('Jane Testperson checked in')).event).toBe('unnamed');
  });

  it('accepts a route pattern, and neither an address nor a query', () => {
    const route = (value: string) => lineOf((log) => log.info('request.answered', { route: value })).route;
    expect(route('/system/ehr/v1/encounters/:encounterId')).toBe('/system/ehr/v1/encounters/:encounterId');
    expect(route('/system/ehr/v1/encounters/4711')).toBeUndefined();
    expect(route('/system/ehr/v1/encounters?name=testperson')).toBeUndefined();
  });

  it('counts what it dropped', async () => {
    const droppedFields = async () => Number(/dropped_total\{what="field"\} (\d+)/.exec(await metricsText())?.[1] ?? 0);
    const before = await droppedFields();
    written((log) => careless(log)('encounter.read', { patient: 'x', birthDate: 'y' }));
    expect(await droppedFields()).toBe(before + 2);
  });
});

describe('A logged error', () => {
  const errorOf = (error: unknown) => lineOf((log) => log.error('step.failed', { error })).error;

  it('shows slug and sentence of a problem, whose author wrote them to be read', () => {
    expect(errorOf(new Problem('period-closed', 'Period 2025-03 is closed'))).toMatchObject({
      name: 'Problem',
      problem: 'period-closed',
      detail: 'Period 2025-03 is closed',
    });
  });

  it('shows where another error happened, not what it says', () => {
    const error = Object.assign(new TypeError('cannot read Testperson'), { code: '23505', detail: 'Key (name)=(Doe)' });
    const shown = JSON.stringify(errorOf(error));
    expect(shown).toMatch(/"name":"TypeError","code":"23505","frames":\["at .*log\.spec\.ts:\d+:\d+/);
    expect(shown).not.toMatch(/Testperson|Doe/);
  });

  it('never shows a message, a cause or an own property, even one that imitates a stack', () => {
    const shapes = fc.constantFrom(
      (secret: string) => secret,
      (secret: string) => `${secret}\n    at ${secret} (/srv/${secret}.js:1:1)`,
      (secret: string) => `\n    at ${secret}.x (file:///${secret}:1:1)\n${secret}`,
      (secret: string) => `E\n    at E (node:${secret}:1:1)`,
    );
    fc.assert(
      fc.property(secrets, shapes, (secret, shape) => {
        const message = shape(secret);
        const error = Object.assign(new Error(message, { cause: new RangeError(message) }), {
          name: `${secret} ${secret}`,
          code: `${secret} ${secret}`,
          row: { name: secret },
          errors: [new Error(message)],
        });
        expect(JSON.stringify(errorOf(error))).not.toContain(secret);
        expect(JSON.stringify(errorOf(message))).not.toContain(secret);
      }),
    );
  });
});
