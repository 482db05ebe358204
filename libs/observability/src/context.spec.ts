import fc from 'fast-check';
import { currentContext, withContext } from './context.js';
import { correlationIdFrom, newCorrelationId } from './correlation.js';
import { childTraceparent, parseTraceparent } from './traceparent.js';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const FROM_A_CLINIC = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('The context of the work at hand', () => {
  it('reaches everything that is started inside it', async () => {
    const seen = await withContext({ correlationId: 'encounter-4711', caller: 'clinic-portal' }, async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return currentContext();
    });
    expect(seen).toEqual({ correlationId: 'encounter-4711', caller: 'clinic-portal' });
    expect(currentContext()).toBeUndefined();
  });

  it('keeps what a step does not change', () => {
    withContext({ correlationId: 'encounter-4711', runId: 'run-1' }, () =>
      withContext({ step: 'claim' }, () =>
        expect(currentContext()).toEqual({ correlationId: 'encounter-4711', runId: 'run-1', step: 'claim' }),
      ),
    );
  });

  it('has a correlation id even where nobody brought one', () => {
    withContext({ step: 'nightly' }, () => expect(currentContext()?.correlationId).toMatch(UUID_V7));
  });
});

describe('A correlation id', () => {
  it('is kept where it is a harmless word, and replaced where it is anything else', () => {
    expect(correlationIdFrom('visit:2024.11_7')).toBe('visit:2024.11_7');
    for (const bad of [undefined, ['a-long-enough-id'], 'short', 'x'.repeat(65), 'Jane Doe 1970', 'a\nb-injected-line'])
      expect(correlationIdFrom(bad)).toMatch(UUID_V7);
  });

  it('never lets a character through that a log, a header or a URL would have to escape', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (sent) => /^[\w.:-]{8,64}$/.test(correlationIdFrom(sent))));
  });

  it('sorts by the time it was made', () => {
    const ids = [1_700_000_000_000, 1_700_000_000_001, 1_800_000_000_000].map((now) => newCorrelationId(now));
    expect(ids).toEqual([...ids].sort());
  });
});

describe('A traceparent', () => {
  it('is read as the recommendation writes it', () => {
    expect(parseTraceparent(FROM_A_CLINIC)).toEqual({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      parentId: 'b7ad6b7169203331',
      sampled: true,
    });
  });

  it('is ignored where it is malformed, all zero, of version ff, or longer than version 00 allows', () => {
    const { traceId, parentId } = parseTraceparent(FROM_A_CLINIC)!;
    for (const bad of [
      undefined,
      'garbage',
      FROM_A_CLINIC.toUpperCase(),
      `00-${'0'.repeat(32)}-${parentId}-01`,
      `00-${traceId}-${'0'.repeat(16)}-01`,
      `ff-${traceId}-${parentId}-01`,
      `${FROM_A_CLINIC}-more`,
    ])
      expect(parseTraceparent(bad)).toBeUndefined();
    expect(parseTraceparent(`01-${traceId}-${parentId}-01-more`)?.traceId).toBe(traceId);
  });

  it('is handed on with the same trace, a span of our own and the decision to record', () => {
    const child = parseTraceparent(childTraceparent(FROM_A_CLINIC.replace(/01$/, '00')));
    expect(child).toMatchObject({ traceId: '0af7651916cd43dd8448eb211c80319c', sampled: false });
    expect(child?.parentId).not.toBe('b7ad6b7169203331');
    expect(parseTraceparent(childTraceparent('garbage'))?.sampled).toBe(true);
  });
});
