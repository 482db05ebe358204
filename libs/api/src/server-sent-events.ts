/** One event of a stream; `id` is where a client that lost the connection goes on (`Last-Event-ID`). */
export interface StreamEvent {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

const HEARTBEAT_MS = 15_000;

/** Events as `text/event-stream` (WHATWG HTML 9.2), with a comment every 15 s so that nobody on the way hangs up. */
export async function* serverSentEvents(events: AsyncIterable<StreamEvent>): AsyncGenerator<string> {
  const source = events[Symbol.asyncIterator]();
  yield ': connected\n\n';
  let next = source.next();
  try {
    for (;;) {
      let timer: NodeJS.Timeout | undefined;
      const beat = new Promise<'beat'>((resolve) => (timer = setTimeout(() => resolve('beat'), HEARTBEAT_MS)));
      const first = await Promise.race([next, beat]);
      clearTimeout(timer);
      if (first === 'beat') {
        yield ': \n\n';
        continue;
      }
      if (first.done) return;
      const { id, event, data } = first.value;
      yield `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
      next = source.next();
    }
  } finally {
    await source.return?.();
  }
}
