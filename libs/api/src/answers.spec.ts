import 'reflect-metadata';
import { BadRequestException, ConflictException, NotFoundException } from '@nestjs/common';
import fc from 'fast-check';
import { sql } from 'kysely';
import { Problem } from '@concord/canonical';
import { log, logTo } from '@concord/observability';
import { smallHost, type Asking, type SmallHost } from './fixture/small-host.js';
import { MESSAGES, VISITS, Ward, wardApi, wardClients } from './fixture/ward.js';
import type { StreamEvent } from './server-sent-events.js';

const ward = new Ward();
let host: SmallHost;
let printed = '';
const streams = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write }));

beforeAll(async () => {
  host = await smallHost({ apis: [wardApi(ward)], clients: wardClients });
  logTo({ level: 'debug', destination: { write: (line) => (printed += line) } });
  const keep = (chunk: string | Uint8Array) => ((printed += String(chunk)), true);
  for (const { stream } of streams) stream.write = keep;
});
afterAll(async () => {
  for (const { stream, write } of streams) stream.write = write;
  logTo({ level: 'warn' });
  await host.stop();
});
afterEach(() => Object.assign(ward, new Ward()));

let keys = 0;
const key = () => `key-${(keys += 1)}`;
const visit = { facility: 'CLINIC-NORTH', name: 'Testperson' };

describe('what leaves', () => {
  const companion = { kind: 'employer', name: 'Testcompany' };
  const stored = { id: 'visit-1', ...visit, minutes: 5, contacts: [companion], companion, vendor_note: 'raw', _row: 1 };

  test('are the declared fields, and those of PHI only with the scope for them', async () => {
    ward.read = () => stored;
    const identified = await host.call('nurse', `${VISITS}/visit-1`);
    const { vendor_note: _note, _row, ...declared } = stored;
    expect(identified.body).toEqual(declared);
    const masked = await host.call('biller', `${VISITS}/visit-1`);
    const kind = { kind: 'employer' };
    expect(masked.body).toEqual({
      id: 'visit-1',
      facility: 'CLINIC-NORTH',
      minutes: 5,
      contacts: [kind],
      companion: kind,
    });
  });

  test('depends on the scopes of the token, not on those the client could have asked for', async () => {
    ward.read = () => stored;
    const token = await host.token('nurse', VISITS, 'ward/visit.read');
    const headers = { authorization: `Bearer ${token}` };
    const masked = await host.call(undefined, `${VISITS}/visit-1`, { headers });
    expect([masked.status, masked.body['name']]).toEqual([200, undefined]);
  });

  test('of a list is the same for each of its entries', async () => {
    ward.list = () => ({ items: [stored, { ...stored, id: 'visit-2' }], nextPageToken: 'abc', total: 2 });
    const { body } = await host.call('biller', VISITS);
    expect(Object.keys(body)).toEqual(['items', 'nextPageToken']);
    for (const item of body['items'] as object[]) expect(Object.keys(item)).not.toContain('name');
  });

  test('of an operation without a declared shape is text, or nothing', async () => {
    const hear = async (answer: unknown) => {
      ward.hear = () => answer;
      const { status, text } = await host.call('nurse', MESSAGES, {
        body: 'x',
        headers: { 'content-type': 'text/plain' },
      });
      return [status, text];
    };
    expect(await hear('MSA|AA')).toEqual([200, 'MSA|AA']);
    expect(await hear(Buffer.from('MSA|AE'))).toEqual([200, 'MSA|AE']);
    for (const undeclared of [stored, [stored], undefined, null, 7]) expect(await hear(undeclared)).toEqual([200, '']);
  });

  test('whatever a handler returns, is what its shape declares', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), async (returned) => {
        ward.read = () => ({ ...stored, ...returned });
        const { body } = await host.call('biller', `${VISITS}/visit-1`);
        const declared = ['facility', 'minutes', 'contacts', 'id', 'companion'];
        expect(Object.keys(body).filter((name) => !declared.includes(name))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});

describe('a handler that fails', () => {
  const words = 'duplicate key: Testperson';
  const read = async (fail: unknown) => {
    ward.read = () => {
      throw fail;
    };
    const { status, body, text } = await host.call('nurse', `${VISITS}/visit-1`);
    expect(text).not.toContain('Testperson');
    return [status, body['code']];
  };

  test('with an error that is not ours is our fault, and says nothing of it', async () => {
    const foreign = [new Error(words), new TypeError(words), words, undefined, null, { message: words }];
    for (const error of foreign) expect(await read(error)).toEqual([500, 'internal']);
    expect(printed).toContain('request.failed');
    expect(printed).not.toContain('Testperson');
  });

  test('with the status of a system behind is not taken for the fault of the caller', async () => {
    for (const statusCode of [400, 401, 404, 429]) {
      expect(await read(Object.assign(new Error(words), { statusCode }))).toEqual([500, 'internal']);
      expect(await read(Object.assign(new Error(words), { statusCode, code: 'EVENDOR' }))).toEqual([500, 'internal']);
    }
  });

  test('with a problem is answered with it, and with its way out', async () => {
    expect(await read(new Problem('conflict', 'The bed is taken', { cause: new Error(words) }))).toEqual([
      409,
      'conflict',
    ]);
    ward.read = () => {
      throw new Problem('upstream-unavailable', undefined, { retryAfter: 2.2 });
    };
    const answer = await host.call('nurse', `${VISITS}/visit-1`);
    expect([answer.status, answer.headers.get('retry-after'), answer.body['retryable']]).toEqual([503, '3', true]);
  });

  test('with an exception of Nest is answered in our words', async () => {
    expect(await read(new BadRequestException(words))).toEqual([400, 'malformed']);
    expect(await read(new NotFoundException(words))).toEqual([404, 'not-found']);
    expect(await read(new ConflictException(words))).toEqual([500, 'internal']);
  });
});

test('no value of a request is ever in a refusal, in the log or in the audit trail', async () => {
  const text = { 'content-type': 'text/plain' };
  type Attempt = (marker: string) => [client: string | undefined, path: string, asking: Asking];
  const attempts: Record<string, Attempt> = {
    'a member': (marker) => ['nurse', VISITS, { key: key(), body: { ...visit, facility: `no ${marker}` } }],
    'a member of another type': (marker) => ['nurse', VISITS, { key: key(), body: { ...visit, minutes: marker } }],
    'a member below': (marker) => ['nurse', VISITS, { key: key(), body: { ...visit, contacts: [{ kind: marker }] } }],
    'an undeclared member': (marker) => ['nurse', VISITS, { key: key(), body: { ...visit, [marker]: marker } }],
    'the whole body': (marker) => ['nurse', VISITS, { key: key(), body: `"${marker}"` }],
    'broken JSON': (marker) => ['nurse', VISITS, { key: key(), body: `{"name":"${marker}` }],
    'a body without a token': (marker) => [undefined, VISITS, { key: key(), body: { ...visit, name: marker } }],
    'another media type': (marker) => ['nurse', VISITS, { key: key(), body: marker, headers: text }],
    'the media type': (marker) => ['nurse', VISITS, { key: key(), body: '{}', headers: { 'content-type': marker } }],
    'the key': (marker) => ['nurse', VISITS, { key: `no ${marker}`, body: visit }],
    'a query': (marker) => ['nurse', `${VISITS}?page_size=${marker}`, {}],
    'an undeclared query': (marker) => ['nurse', `${VISITS}?${marker}=${marker}`, {}],
    'a place': (marker) => ['porter', `${VISITS}?facility=${marker}`, {}],
    'a page token': (marker) => ['nurse', `${VISITS}?page_token=${marker}*`, {}],
    'an id': (marker) => ['nurse', `${VISITS}/no%20${marker}`, {}],
    'an address': (marker) => ['nurse', `${VISITS}/visit-1/${marker}`, {}],
    'a broken address': (marker) => ['nurse', `${VISITS}/%zz${marker}`, {}],
    'a long address': (marker) => ['nurse', `${VISITS}/${marker.repeat(80)}`, {}],
    'a token': (marker) => [undefined, VISITS, { headers: { authorization: `Bearer ${marker}.${marker}.${marker}` } }],
    'other credentials': (marker) => [undefined, VISITS, { headers: { authorization: `Basic ${marker}` } }],
    'a correlation id': (marker) => [undefined, VISITS, { headers: { 'x-correlation-id': `${marker} ${marker}` } }],
    'another header': (marker) => [
      undefined,
      VISITS,
      { headers: { 'x-patient': marker, cookie: marker, referer: marker } },
    ],
    'an error of the handler': (marker) => {
      ward.read = () => {
        throw Object.assign(new Error(marker), { detail: marker, statusCode: 400 });
      };
      return ['nurse', `${VISITS}/visit-1`, {}];
    },
    'an effect that fails': (marker) => {
      ward.admit = ({ name }) => {
        throw new BadRequestException(`${name} ${marker}`);
      };
      return ['nurse', VISITS, { key: key(), body: { ...visit, name: marker } }];
    },
  };
  const marker = fc.stringMatching(/^Mk[a-z0-9]{16}$/);
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(Object.keys(attempts), { minLength: 6, maxLength: 6 }),
      marker,
      async (names, mark) => {
        for (const name of names) {
          printed = '';
          const [client, path, asking] = attempts[name]!(mark);
          const { status, text: body, headers } = await host.call(client, path, asking);
          await log.flush();
          const told = body + JSON.stringify([...headers]) + printed;
          if (status < 400) throw new Error(`${name} was answered ${status}`);
          if (told.includes(mark)) throw new Error(`${name} was told: ${told}`);
        }
      },
    ),
    { numRuns: 40 },
  );
  await host.platform.audit.flush();
  const { rows } = await sql`select entry from audit.entry where entry like '%Mk%'`.execute(host.platform.database);
  expect(rows).toEqual([]);
});

describe('a stream', () => {
  const event = (id: number): StreamEvent => ({
    id: String(id),
    event: 'admitted',
    data: { id: `visit-${id}`, ...visit },
  });
  const open = async (client: string, signal?: AbortSignal) => {
    const headers = { authorization: `Bearer ${await host.token(client, MESSAGES)}` };
    return fetch(host.url + MESSAGES, { headers, signal: signal ?? null });
  };

  test('tells events as they come, with what the caller may see of them', async () => {
    ward.watch = async function* () {
      yield event(1);
      yield { ...event(2), data: { ...visit, id: 'visit-2', vendor: 'raw' } };
    };
    const response = await open('biller');
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect((await response.text()).split('\n\n')).toEqual([
      ': connected',
      'id: 1\nevent: admitted\ndata: {"facility":"CLINIC-NORTH","id":"visit-1"}',
      'id: 2\nevent: admitted\ndata: {"facility":"CLINIC-NORTH","id":"visit-2"}',
      '',
    ]);
    expect(await (await open('nurse')).text()).toContain('Testperson');
  });

  test('is refused like any other request', async () => {
    const refused = await open('hasty');
    expect([refused.status, refused.headers.get('content-type')]).toEqual([
      403,
      'application/problem+json; charset=utf-8',
    ]);
    expect((await host.call('nurse', `${MESSAGES}?since=1`)).status).toBe(422);
  });

  test('lets go of its source at once when the caller leaves, though nothing happens in it', async () => {
    const released = new Promise<void>((resolve) => {
      const next = () => new Promise<never>(() => undefined);
      const end = () => (resolve(), Promise.resolve({ done: true as const, value: undefined }));
      ward.watch = () => ({ [Symbol.asyncIterator]: () => ({ next, return: end }) });
    });
    const leaving = new AbortController();
    const response = await open('nurse', leaving.signal);
    const reader = response.body!.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe(': connected\n\n');
    leaving.abort();
    await expect(reader.read()).rejects.toThrow();
    await released;
  });

  test('whose source fails is cut off, without its words', async () => {
    printed = '';
    ward.watch = async function* () {
      yield event(1);
      throw new Error('no such row: Testperson');
    };
    const response = await open('biller');
    await expect(response.text()).rejects.toThrow();
    expect(printed).toContain('stream.failed');
    expect(printed).not.toContain('Testperson');
  });
});
