import { EventEmitter } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { jest } from '@jest/globals';
import type { ApiReply } from './request.js';
import { eventStream, type StreamEvent } from './server-sent-events.js';

/** The answer as Fastify would write it: a socket that may close, and headers that go nowhere. */
function stream(events: AsyncIterable<StreamEvent>) {
  const raw = new EventEmitter();
  const reply = { raw, header: () => reply } as unknown as ApiReply;
  const lines = eventStream(events, { reply, visible: (event) => event, onFailure: () => undefined }).getStream();
  let text = '';
  lines.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return { raw, lines, told: () => text };
}

test('a stream in which nothing happens says every 15 seconds that it is still there', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  let happen: (event: IteratorResult<StreamEvent>) => void = () => undefined;
  let released = false;
  const source: AsyncIterator<StreamEvent> = {
    next: () => new Promise((resolve) => (happen = resolve)),
    return: async () => ({ done: (released = true), value: undefined }),
  };
  const { raw, lines, told } = stream({ [Symbol.asyncIterator]: () => source });
  for (let i = 0; i < 3; i += 1) {
    await turn();
    await jest.advanceTimersByTimeAsync(15_000);
  }
  await turn();
  expect(told()).toBe(': connected\n\n' + ': \n\n'.repeat(3));
  happen({ done: false, value: { id: '7', event: 'admitted', data: { visitId: 'visit-7' } } });
  await turn();
  await turn();
  expect(told()).toContain('id: 7\nevent: admitted\ndata: {"visitId":"visit-7"}\n\n');
  raw.emit('close');
  await turn();
  await turn();
  expect([lines.readableEnded || lines.destroyed, released, jest.getTimerCount()]).toEqual([true, true, 0]);
  jest.useRealTimers();
});
