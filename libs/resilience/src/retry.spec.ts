import { Problem, PROBLEMS, type ProblemSlug } from '@concord/canonical';
import fc from 'fast-check';
import { BUDGET, RetryBudget } from './budget.js';
import { RETRY, withRetry, type Retrying } from './retry.js';
import { stopped } from './stopped.js';
import type { Time } from './time.js';

/** Time that passes only while somebody sleeps, and the waits it has seen. */
class HeldTime implements Time {
  readonly waits: number[] = [];
  private ms = 0;
  constructor(readonly random: () => number = () => 1) {}
  now = (): number => this.ms;
  sleep = (ms: number): Promise<void> => {
    this.waits.push(ms);
    return Promise.resolve(this.pass(ms));
  };
  pass(ms: number): void {
    this.ms += ms;
  }
}

function retrying(change: Partial<Retrying> = {}): Retrying & { time: HeldTime } {
  const time = new HeldTime();
  return {
    ...RETRY,
    deadlineMs: 60_000,
    budget: new RetryBudget(time.now),
    mayRepeat: () => true,
    onRepeat: () => undefined,
    ...change,
    time: (change.time as HeldTime | undefined) ?? time,
  };
}

/** Fails with the problems in turn, and then answers. */
function target(...problems: Problem[]) {
  const calls = { count: 0 };
  const call = async (): Promise<string> => {
    const problem = problems[calls.count++];
    if (problem) throw problem;
    return 'answer';
  };
  return { call, calls };
}

const down = () => new Problem('upstream-unavailable');

describe('A call that fails', () => {
  it('is repeated where the way or the pace was at fault, and never where the request or a rule was', async () => {
    for (const slug of Object.keys(PROBLEMS) as ProblemSlug[]) {
      const { call, calls } = target(new Problem(slug));
      await withRetry(call, retrying()).catch(() => undefined);
      const repeated = ['transport', 'throttled'].includes(PROBLEMS[slug].cause);
      expect([slug, calls.count]).toEqual([slug, repeated ? 2 : 1]);
    }
  });

  it('comes out with its last problem when the attempts are used up', async () => {
    const { call, calls } = target(down(), down(), new Problem('upstream-timeout'), down());
    await expect(withRetry(call, retrying())).rejects.toMatchObject({ slug: 'upstream-timeout' });
    expect(calls.count).toBe(3);
  });

  it('waits longer each time, up to the longest wait, by chance and not in step with others', async () => {
    const rules = retrying({ attempts: 7 });
    await withRetry(target(down(), down(), down(), down(), down(), down()).call, rules);
    expect(rules.time.waits).toEqual([100, 200, 400, 800, 1_600, 2_000]);
    const lucky = retrying({ time: new HeldTime(() => 0.25) });
    await withRetry(target(down(), down()).call, lucky);
    expect(lucky.time.waits).toEqual([25, 50]);
  });

  it('waits at least as long as the target asks in Retry-After', async () => {
    const rules = retrying();
    const tooFast = new Problem('rate-limited', undefined, { retryAfter: 5 });
    await expect(withRetry(target(tooFast).call, rules)).resolves.toBe('answer');
    expect(rules.time.waits).toEqual([5_100]);
  });

  it('is not repeated where the deadline would pass meanwhile', async () => {
    const rules = retrying({ deadlineMs: 5_000 });
    const tooFast = new Problem('rate-limited', undefined, { retryAfter: 5 });
    await expect(withRetry(target(tooFast).call, rules)).rejects.toBe(tooFast);
    expect(rules.time.waits).toEqual([]);
  });

  it('is not repeated where it was stopped on our side, or by a gateway behind', async () => {
    const behind = Problem.fromAnswer(503, stopped('breaker', 'erp').toBody(), 2);
    for (const problem of [stopped('bulkhead', 'erp'), stopped('caller', 'erp'), behind]) {
      const { call, calls } = target(problem);
      await expect(withRetry(call, retrying())).rejects.toBe(problem);
      expect(calls.count).toBe(1);
    }
  });
});

describe('The retry budget', () => {
  it('allows a tenth of the calls and a small reserve, however many calls fail at whatever pace', () => {
    const steps = fc.array(fc.tuple(fc.constantFrom('call', 'repeat', 'repeat'), fc.nat({ max: 500 })), {
      maxLength: 400,
    });
    fc.assert(
      fc.property(steps, (taken) => {
        const time = new HeldTime();
        const budget = new RetryBudget(time.now);
        let calls = 0;
        let repeats = 0;
        for (const [step, ms] of taken) {
          time.pass(ms);
          if (step === 'call') budget.earn();
          if (step === 'call') calls += 1;
          else if (budget.spend()) repeats += 1;
          const allowed = BUDGET.reserve + BUDGET.share * calls + (BUDGET.perSecond * time.now()) / 1_000;
          expect(repeats).toBeLessThanOrEqual(allowed + 1e-6);
        }
      }),
    );
  });

  it('keeps a target that is down from being asked more than a tenth more often', async () => {
    const time = new HeldTime();
    const budget = new RetryBudget(time.now, { ...BUDGET, perSecond: 0 });
    let asked = 0;
    const call = async () => {
      asked += 1;
      throw down();
    };
    for (let n = 0; n < 1_000; n++) await withRetry(call, retrying({ time, budget })).catch(() => undefined);
    expect(asked).toBeLessThanOrEqual(1_000 * (1 + BUDGET.share) + BUDGET.reserve);
    expect(asked).toBeGreaterThan(1_090);
  });

  it('is earned again by time, so that a target which is called rarely can be tried again', () => {
    const time = new HeldTime();
    const budget = new RetryBudget(time.now);
    while (budget.spend());
    time.pass(2_000);
    expect([budget.spend(), budget.spend()]).toEqual([true, false]);
  });
});
