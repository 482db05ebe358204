import fc from 'fast-check';
import { counter, gauge, metricsText } from './metrics.js';
import { countRequest, declareOperation } from './request-metrics.js';
import { Vocabulary } from './vocabulary.js';

const seriesOf = async (name: string) =>
  (await metricsText()).split('\n').filter((line) => line.startsWith(`${name}{`));

describe('A metric', () => {
  it('counts requests by declared operation and status, and times them in seconds', async () => {
    const answered = { api: 'system/erp', operation: 'createJournalEntry', status: 201 };
    declareOperation(answered.api, answered.operation);
    countRequest({ ...answered, seconds: 0.02 });
    countRequest({ ...answered, seconds: 0.2 });
    countRequest({ ...answered, operation: '/v1/patients/4711', status: 404, seconds: 0.001 });
    expect(await seriesOf('concord_requests_total')).toEqual([
      'concord_requests_total{api="system/erp",operation="createJournalEntry",status="201"} 2',
      'concord_requests_total{api="system/erp",operation="undeclared",status="404"} 1',
    ]);
    expect(await metricsText()).toContain(
      'concord_request_seconds_bucket{le="0.025",api="system/erp",operation="createJournalEntry"} 1',
    );
  });

  it('has one series for everything undeclared, whatever a caller sends', async () => {
    const lanes = new Vocabulary('lane');
    lanes.declare('claims', 'postings');
    const waiting = counter('concord_spec_waiting_total', 'Waiting', { lane: lanes, state: ['new', 'old'] });
    fc.assert(fc.property(fc.string(), (lane) => waiting.add({ lane, state: 'new' })));
    waiting.add({ lane: 'claims', state: 'old' });
    expect((await seriesOf('concord_spec_waiting_total')).map((line) => line.replace(/ \d+$/, ''))).toEqual([
      'concord_spec_waiting_total{lane="undeclared",state="new"}',
      'concord_spec_waiting_total{lane="claims",state="old"}',
    ]);
  });

  it('leaves out a label that it does not declare, and does not compile with a value that is not listed', async () => {
    const state = gauge('concord_spec_state', 'State', { door: ['open', 'shut'] });
    const values = { door: 'open', patient: 'Testperson' } as const;
    state.set(values, 1);
    // @ts-expect-error `ajar` is not a state of the door
    state.set({ door: 'ajar' }, 2);
    expect(await seriesOf('concord_spec_state')).toEqual([
      'concord_spec_state{door="open"} 1',
      'concord_spec_state{door="undeclared"} 2',
    ]);
  });

  it('does not start with a label value that is no word, or with more words than can be watched', () => {
    const words = new Vocabulary('operation');
    expect(() => words.declare('Jane Testperson')).toThrow('not a word that a metric may carry');
    expect(() => words.declare(...Array.from({ length: 2_001 }, (_, n) => `op${n}`))).toThrow('More than 2000 words');
  });
});
