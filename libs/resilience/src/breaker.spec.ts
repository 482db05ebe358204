import { Problem } from '@concord/canonical';
import { jest } from '@jest/globals';
import fc from 'fast-check';
import { Breaker, BREAKER, type BreakerState } from './breaker.js';
import { stopped } from './stopped.js';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const breaker = () => new Breaker('erp.createJournalEntry', () => performance.now());
const pass = (ms: number) => jest.advanceTimersByTime(ms);

const answer = async () => 'answer';
const refuse = async () => {
  throw new Problem('period-closed');
};
const fail = async () => {
  throw new Problem('upstream-unavailable');
};

async function make(breaker: Breaker, times: number, call: () => Promise<unknown>): Promise<void> {
  for (let n = 0; n < times; n++) await breaker.run(call).catch(() => undefined);
}

async function opened(): Promise<Breaker> {
  const open = breaker();
  await make(open, 20, fail);
  expect(open.state).toBe('open');
  return open;
}

describe('A breaker', () => {
  it('stays closed at 19 failures and opens at the 20th', async () => {
    const erp = breaker();
    await make(erp, 19, fail);
    expect(erp.state).toBe('closed');
    await make(erp, 1, fail);
    expect(erp.state).toBe('open');
  });

  it('opens when half of the calls fail, and not when fewer do', async () => {
    const sick = breaker();
    await make(sick, 10, answer);
    await make(sick, 10, fail);
    expect(sick.state).toBe('open');
    const tired = breaker();
    await make(tired, 11, answer);
    await make(tired, 10, fail);
    expect(tired.state).toBe('closed');
  });

  it('opens exactly at the failure by which 20 calls are made and half of them have failed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 60 }), async (outcomes) => {
        const erp = breaker();
        let failures = 0;
        let expected: BreakerState = 'closed';
        for (const [index, failed] of outcomes.entries()) {
          if (failed && expected === 'closed') {
            failures += 1;
            if (index + 1 >= 20 && failures / (index + 1) >= 0.5) expected = 'open';
          }
          await make(erp, 1, failed ? fail : answer);
          expect(erp.state).toBe(expected);
        }
      }),
    );
  });

  it('is never opened by refusals, for the caller, by a rule or for the pace', async () => {
    const refusals = fc.constantFrom(
      'validation-failed',
      'not-found',
      'period-closed',
      'upstream-rejected',
      'rate-limited',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(refusals, { minLength: 40, maxLength: 60 }), async (slugs) => {
        const erp = breaker();
        for (const slug of slugs) await make(erp, 1, () => Promise.reject(new Problem(slug)));
        expect(erp.state).toBe('closed');
      }),
      { numRuns: 20 },
    );
  });

  it('counts a defect of our own mapping as a failure', async () => {
    const erp = breaker();
    await make(erp, 20, () => Promise.reject(new TypeError('undefined is not a function')));
    expect(erp.state).toBe('open');
  });

  it('refuses at once while open, says when to return, and does not call', async () => {
    const erp = await opened();
    const call = jest.fn(answer);
    await expect(erp.run(call)).rejects.toMatchObject({
      slug: 'upstream-unavailable',
      retryAfter: 2,
      context: { stoppedBy: 'breaker', target: 'erp.createJournalEntry' },
    });
    pass(1_500);
    await expect(erp.run(call)).rejects.toMatchObject({ retryAfter: 1 });
    expect(call).not.toHaveBeenCalled();
  });

  it('tries one call after the pause, and closes when it is answered', async () => {
    const erp = await opened();
    const states: BreakerState[] = [];
    const stop = erp.onStateChange((state) => states.push(state));
    pass(2_000);
    const tried = erp.run(answer);
    await expect(erp.run(answer)).rejects.toMatchObject({ slug: 'upstream-unavailable', retryAfter: 1 });
    await expect(tried).resolves.toBe('answer');
    expect(states).toEqual(['half-open', 'closed']);
    stop();
    await make(erp, 20, fail);
    expect(states).toEqual(['half-open', 'closed']);
  });

  it('closes on a refusal too, which a target that works has made', async () => {
    const erp = await opened();
    pass(2_000);
    await make(erp, 1, refuse);
    expect(erp.state).toBe('closed');
  });

  it('opens again when the try fails, or is stopped before the target could answer', async () => {
    const erp = await opened();
    pass(2_000);
    await make(erp, 1, fail);
    expect(erp.state).toBe('open');
    pass(2_000);
    expect(erp.state).toBe('half-open');
    await make(erp, 1, () => Promise.reject(stopped('caller', 'erp')));
    expect(erp.state).toBe('open');
  });

  it('begins anew when it closes: one more failure does not open it', async () => {
    const erp = await opened();
    pass(2_000);
    await make(erp, 1, answer);
    await make(erp, 19, fail);
    expect(erp.state).toBe('closed');
    await make(erp, 1, fail);
    expect(erp.state).toBe('open');
  });

  it('forgets what is older than its window', async () => {
    const erp = breaker();
    await make(erp, 19, fail);
    pass(BREAKER.windowMs);
    await make(erp, 19, fail);
    expect(erp.state).toBe('closed');
    pass(BREAKER.windowMs / 2);
    await make(erp, 1, fail);
    expect(erp.state).toBe('open');
  });
});
