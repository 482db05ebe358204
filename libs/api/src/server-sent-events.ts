import { StreamableFile } from '@nestjs/common';
import { Readable } from 'node:stream';
import type { ApiReply } from './request.js';

/** One event of a stream; `id` is where a client that lost the connection goes on (`Last-Event-ID`). */
export interface StreamEvent {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

interface Parts {
  readonly reply: ApiReply;
  /** What of an event may leave. */
  readonly visible: (event: StreamEvent) => StreamEvent;
  readonly onFailure: (error: unknown) => void;
}

const HEARTBEAT_MS = 15_000;
const HEARTBEAT = ': \n\n';

/**
 * Events as an answer of `text/event-stream` (WHATWG HTML 9.2), until they end or the client is gone. A source that
 * fails cuts the answer off, so that the client comes again with what it saw last.
 */
export function eventStream(events: AsyncIterable<StreamEvent>, { reply, visible, onFailure }: Parts): StreamableFile {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  void reply.header('cache-control', 'no-store').header('x-accel-buffering', 'no');
  const lines = Readable.from(serverSentEvents(events, gone.signal, visible), { objectMode: false });
  lines.on('error', onFailure);
  return new StreamableFile(lines, { type: 'text/event-stream' });
}

/** The events as text, with a comment every 15 s so that nobody on the way hangs up. */
async function* serverSentEvents(
  events: AsyncIterable<StreamEvent>,
  gone: AbortSignal,
  visible: (event: StreamEvent) => StreamEvent,
): AsyncGenerator<string> {
  const source = events[Symbol.asyncIterator]();
  try {
    yield ': connected\n\n';
    let next = source.next();
    while (!gone.aborted) {
      const first = await untilHeartbeat(next, gone);
      if (first === undefined) yield HEARTBEAT;
      else if (first.done) return;
      else {
        const { id, event, data } = visible(first.value);
        yield `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
        next = source.next();
      }
    }
  } finally {
    // Not awaited: a generator that waits for its next event ends with that event, and no sooner.
    source.return?.().catch(() => undefined);
  }
}

/** What comes next, or undefined once it is time for a heartbeat or the client is gone. */
function untilHeartbeat<T>(next: Promise<T>, gone: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      gone.removeEventListener('abort', nothing);
    };
    const nothing = () => {
      end();
      resolve(undefined);
    };
    const timer = setTimeout(nothing, HEARTBEAT_MS);
    gone.addEventListener('abort', nothing);
    next.then(resolve, reject).finally(end);
  });
}
