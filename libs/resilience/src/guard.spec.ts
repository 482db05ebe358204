import { Problem } from '@concord/canonical';
import { logTo, metricsText } from '@concord/observability';
import { setTimeout as pause } from 'node:timers/promises';
import { guard, type GuardPolicy } from './guard.js';
import { protect } from './protect.js';
import { realTime } from './time.js';
import { currentSignal, within, withSignal } from './timeout.js';

const atOnce: GuardPolicy = { time: { ...realTime, random: () => 0, sleep: () => Promise.resolve() } };

/** Answers nothing until its signal is aborted, and keeps that signal. */
function hanging() {
  const heard: AbortSignal[] = [];
  const call = (signal: AbortSignal) => {
    heard.push(signal);
    return new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  };
  return { call, heard };
}

const down = () => Promise.reject(new Problem('upstream-unavailable'));

describe('A guard', () => {
  it('hands the answer through', async () => {
    await expect(guard('spec.answer').run(async () => ({ id: 'JE-1' }))).resolves.toEqual({ id: 'JE-1' });
  });

  it('ends a call that takes too long, and lets it know', async () => {
    const { call, heard } = hanging();
    const slow = guard('spec.slow', { timeoutMs: 20, retry: { attempts: 1 } });
    await expect(slow.run(call)).rejects.toMatchObject({ slug: 'upstream-timeout', detail: 'No answer within 20 ms' });
    expect(heard[0]?.aborted).toBe(true);
  });

  it('ends even a call that does not listen', async () => {
    const deaf = guard('spec.deaf', { timeoutMs: 20, retry: { attempts: 1 } });
    await expect(deaf.run(() => new Promise(() => undefined))).rejects.toMatchObject({ slug: 'upstream-timeout' });
  });

  it('repeats what failed on the way, each attempt with a signal of its own', async () => {
    const signals: AbortSignal[] = [];
    const answer = await guard('spec.flaky', atOnce).run(async (signal) => {
      signals.push(signal);
      return signals.length < 3 ? down() : 'answer';
    });
    expect(answer).toBe('answer');
    expect(new Set(signals).size).toBe(3);
  });

  it('stops with all its attempts at the deadline, and the last has only what is left', async () => {
    const { call, heard } = hanging();
    const time = { ...atOnce.time!, now: () => [0, 50][heard.length] ?? 80 }; // each attempt takes its time to the millisecond
    const slow = guard('spec.deadline', { time, timeoutMs: 50, deadlineMs: 80 });
    await expect(slow.run(call)).rejects.toMatchObject({ slug: 'upstream-timeout', detail: 'No answer within 30 ms' });
    expect(heard).toHaveLength(2);
  });

  it('gives up together with a caller that hangs up, which is neither repeated nor held against the target', async () => {
    const { call, heard } = hanging();
    const hangUp = new AbortController();
    const erp = guard('spec.hang-up', atOnce);
    const calls = Array.from({ length: 30 }, () => withSignal(hangUp.signal, () => erp.run(call)));
    hangUp.abort();
    for (const one of calls) await expect(one).rejects.toMatchObject({ context: { stoppedBy: 'caller' } });
    expect(heard).toHaveLength(30);
    expect(erp.state).toBe('closed');
  });

  it('inside another guard ends when the outer one does', async () => {
    const { call, heard } = hanging();
    const outer = guard('spec.outer', { timeoutMs: 20, retry: { attempts: 1 } });
    const inner = guard('spec.inner', { timeoutMs: 5_000 });
    await expect(outer.run(() => inner.run(call))).rejects.toMatchObject({ context: { target: 'spec.outer' } });
    expect(heard[0]?.aborted).toBe(true);
  });

  it('makes a problem of everything that is thrown, and keeps the message of a foreign error inside', async () => {
    const problem = await guard('spec.defect')
      .run(() => Promise.reject(new TypeError('Testperson is not iterable')))
      .catch((error: Problem) => error);
    expect(problem).toMatchObject({ slug: 'internal', message: 'Something went wrong on our side' });
  });

  it('fails fast once its breaker is open, and tells its watchers and the log', async () => {
    const lines: string[] = [];
    logTo({ level: 'warn', destination: { write: (line) => void lines.push(line) } });
    const erp = guard('spec.down', { ...atOnce, budget: { reserve: 0, perSecond: 0 } });
    const seen: string[] = [];
    erp.onStateChange((state) => seen.push(state));
    let asked = 0;
    const call = () => {
      asked += 1;
      return down();
    };
    for (let n = 0; n < 50; n++) await erp.run(call).catch(() => undefined);
    expect([erp.state, seen, asked]).toEqual(['open', ['open'], 20]);
    await expect(erp.run(call)).rejects.toMatchObject({ slug: 'upstream-unavailable', retryAfter: 2 });
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { level: 'warn', event: 'breaker.changed', target: 'spec.down', state: 'open' },
    ]);
  });

  it('shows in the metrics how calls ended', async () => {
    const erp = guard('spec.metrics', atOnce);
    await erp.run(async () => 'answer');
    await erp.run(() => Promise.reject(new Problem('period-closed'))).catch(() => undefined);
    await erp.run(down).catch(() => undefined);
    const lines = (await metricsText()).split('\n').filter((line) => line.includes('"spec.metrics"'));
    expect(lines).toEqual(
      expect.arrayContaining([
        'concord_guarded_calls_total{target="spec.metrics",outcome="answered"} 1',
        'concord_guarded_calls_total{target="spec.metrics",outcome="refused"} 1',
        'concord_guarded_calls_total{target="spec.metrics",outcome="failed"} 1',
        'concord_guarded_retries_total{target="spec.metrics",granted="yes"} 2',
        'concord_guarded_call_seconds_count{target="spec.metrics"} 3',
        'concord_breaker_state{target="spec.metrics"} 0',
      ]),
    );
  });
});

/** A connector that is slow to read and quick to write. */
class Connector {
  readonly vendor = 'sandbox';
  private written = 0;

  async read(id: string): Promise<string> {
    await pause(1_000, undefined, { signal: currentSignal() });
    return id;
  }

  async write(): Promise<number> {
    this.written += 1;
    return this.written;
  }
}

describe('A protected port', () => {
  it('is called as before, under a guard for each operation', async () => {
    const { port, guards } = protect(
      'spec.erp',
      new Connector(),
      { retry: { attempts: 1 } },
      { read: { timeoutMs: 20 } },
    );
    await expect(port.write()).resolves.toBe(1);
    await expect(port.write()).resolves.toBe(2);
    await expect(port.read('JE-1')).rejects.toMatchObject({ slug: 'upstream-timeout' });
    expect([port.vendor, port instanceof Connector]).toEqual(['sandbox', true]);
    expect(guards().map(({ name }) => name)).toEqual(['spec.erp.write', 'spec.erp.read']);
  });

  it('shares the places of the target among its operations', async () => {
    const { port } = protect('spec.narrow', new Connector(), { bulkhead: { concurrent: 1, queued: 0 } });
    const reading = within(50, () => port.read('JE-1'));
    await expect(port.write()).rejects.toMatchObject({ context: { stoppedBy: 'bulkhead' } });
    await expect(reading).rejects.toMatchObject({ slug: 'upstream-timeout' });
  });

  it('does not compile around a method that answers without a promise', () => {
    const clock = { now: () => 0 };
    // @ts-expect-error `now` answers with a number
    expect(protect('spec.clock', clock).guards()).toEqual([]);
  });
});
