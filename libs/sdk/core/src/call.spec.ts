import { Problem, type ProblemBody } from '@concord/canonical';
import { Call, type CallWrite } from './call.js';
import type { Transport, TransportRequest, TransportResponse } from './transport.js';

interface Posted {
  id: string;
}

const posting: CallWrite = {
  api: 'system/erp',
  operation: 'createJournalEntry',
  method: 'POST',
  path: '/journal-entries',
  body: { memo: 'Synthetic visit' },
};
const reading: CallWrite = {
  api: 'system/erp',
  operation: 'readJournalEntry',
  method: 'GET',
  path: '/journal-entries/42',
};

/** A transport that answers always the same and remembers what it carried. */
function answering(response: Partial<TransportResponse>): Transport & { carried: TransportRequest[] } {
  const carried: TransportRequest[] = [];
  return {
    carried,
    send: (request) => {
      carried.push(request);
      return Promise.resolve({ status: 200, headers: {}, body: undefined, ...response });
    },
  };
}

describe('a call', () => {
  it('that is dropped sends nothing, and the linter objects to it', async () => {
    const transport = answering({});
    // Were the linter silent here, it would call this directive unused, which is an error too.
    // eslint-disable-next-line @typescript-eslint/no-floating-promises
    new Call<Posted>(transport, posting);
    await new Promise(setImmediate);
    expect(transport.carried).toEqual([]);
  });

  it('describes what it would write without sending it', () => {
    const transport = answering({});
    expect(new Call<Posted>(transport, posting).write).toEqual(posting);
    expect(transport.carried).toEqual([]);
  });

  it('is sent when awaited and answers with the body', async () => {
    const transport = answering({ status: 201, body: { id: '42' } });
    expect(await new Call<Posted>(transport, posting)).toEqual({ id: '42' });
    expect(transport.carried).toMatchObject([{ ...posting, effect: true }]);
  });

  it('is sent once, however often it is awaited or sent', async () => {
    const transport = answering({ body: { id: '42' } });
    const call = new Call<Posted>(transport, posting);
    const answers = await Promise.all([call, call, call.send(), call.send({ idempotencyKey: 'late' })]);
    expect(answers).toEqual(Array(4).fill({ id: '42' }));
    expect(transport.carried).toHaveLength(1);
  });

  it('carries the idempotency key, the correlation id, the condition and the signal it is sent with', async () => {
    const transport = answering({});
    const { signal } = new AbortController();
    const options = { idempotencyKey: 'run-1/posting', correlationId: 'visit-1', signal };
    await new Call(transport, { ...posting, method: 'PATCH', revision: '7' }).send(options);
    expect(transport.carried[0]?.signal).toBe(signal);
    expect(transport.carried[0]?.headers).toEqual({
      accept: 'application/json, application/problem+json',
      'content-type': 'application/json',
      'idempotency-key': 'run-1/posting',
      'x-correlation-id': 'visit-1',
      'if-match': '"7"',
    });
  });

  it('asks for what is new only, where the caller says what it holds', async () => {
    const transport = answering({ status: 304, headers: { etag: '"7"' } });
    const answer = await new Call(transport, reading).answer({ ifNoneMatch: '"7"' });
    expect(transport.carried[0]?.headers['if-none-match']).toBe('"7"');
    expect([answer.status, answer.body]).toEqual([304, undefined]);
  });

  it('with an effect gets a key of its own when none is given, another for each call', async () => {
    const transport = answering({});
    await new Call(transport, posting);
    await new Call(transport, posting);
    const keys = transport.carried.map(({ headers }) => headers['idempotency-key']);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(keys[0]).not.toBe(keys[1]);
  });

  it('that only reads carries neither a key nor a content type', async () => {
    const transport = answering({});
    await new Call(transport, reading);
    expect(transport.carried[0]?.effect).toBe(false);
    expect(Object.keys(transport.carried[0]?.headers ?? {})).toEqual(['accept']);
  });

  it('names the media type of a body that is not JSON', async () => {
    const transport = answering({});
    await new Call(transport, { ...posting, body: 'MSH|^~\\&|' }, 'text/plain');
    expect(transport.carried[0]?.headers['content-type']).toBe('text/plain');
  });

  it('shows the headers of its answer to whoever asks for them', async () => {
    const transport = answering({ status: 201, headers: { etag: '"1"' }, body: { id: '42' } });
    const answer = await new Call<Posted>(transport, posting).answer();
    expect(answer).toEqual({ status: 201, headers: { etag: '"1"' }, body: { id: '42' } });
  });

  it('throws the problem that the other side answered with', async () => {
    const body: ProblemBody = new Problem('journal-unbalanced', 'Debits exceed credits by 0.01 USD').toBody();
    const refused = new Call(answering({ status: 422, body }), posting);
    await expect(refused).rejects.toMatchObject({ slug: 'journal-unbalanced', retryable: false });
  });

  it('tells how long to wait when the other side said it', async () => {
    const busy = new Call(answering({ status: 429, headers: { 'retry-after': '3' } }), reading);
    await expect(busy).rejects.toMatchObject({ slug: 'rate-limited', retryAfter: 3 });
  });

  it('passes on the failure of the way itself', async () => {
    const broken: Transport = { send: () => Promise.reject(new Problem('upstream-unavailable')) };
    await expect(new Call(broken, reading)).rejects.toMatchObject({ slug: 'upstream-unavailable' });
  });
});
