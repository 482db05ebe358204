import { Problem } from '@concord/canonical';
import { withContext } from '@concord/observability';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { guard } from './guard.js';
import { httpClient, type HttpClient, type HttpClientSettings } from './http-client.js';

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

async function listening(server: Server | TcpServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push({
    close: () => {
      if ('closeAllConnections' in server) server.closeAllConnections();
      server.close();
    },
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A client of a real server that answers as told. */
async function clientOf(answer: RequestListener, change: Partial<HttpClientSettings> = {}): Promise<HttpClient> {
  const origin = await listening(createServer(answer));
  return opening({ baseUrl: `${origin}/api/v2/`, timeoutMs: 1_000, ...change });
}

function opening(settings: HttpClientSettings): HttpClient {
  const client = httpClient(settings);
  opened.push(client);
  return client;
}

const json = (status: number, body: unknown): RequestListener => {
  return (_, reply) => reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

/** Answers with what it was asked. */
const echo: RequestListener = (request: IncomingMessage, reply) => {
  void text(request).then((body) => {
    const { method, url, headers } = request;
    json(200, { method, url, headers, body })(request, reply);
  });
};

interface Echo {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

describe('The HTTP client', () => {
  it('keeps the path of its base and adds the parameters', async () => {
    const client = await clientOf(echo);
    const { data } = await client.get<Echo>('/items', { params: { gtin: '0401234', page: 2, none: undefined } });
    expect(data).toMatchObject({ method: 'GET', url: '/api/v2/items?gtin=0401234&page=2' });
    expect((await client.get<Echo>('')).data.url).toBe('/api/v2');
  });

  it('sends JSON, forms and credentials as axios does', async () => {
    const client = await clientOf(echo);
    const posted = await client.post<Echo>(
      'invoices',
      { total: '12.50' },
      { headers: { 'idempotency-key': 'run-1/claim' } },
    );
    expect(posted.data).toMatchObject({
      method: 'POST',
      body: '{"total":"12.50"}',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'run-1/claim' },
    });
    const form = await client.post<Echo>('token', new URLSearchParams({ scope: 'erp' }), {
      auth: { username: 'ehr', password: 'demo-ehr' },
    });
    expect(form.data).toMatchObject({ body: 'scope=erp', headers: { authorization: `Basic ${btoa('ehr:demo-ehr')}` } });
  });

  it('never leaves its host, whatever the address says', async () => {
    const { data } = await (await clientOf(echo)).get<Echo>('http://elsewhere.example/steal');
    expect(data.url).toBe('/api/v2/http://elsewhere.example/steal');
  });

  it('takes the correlation id and the trace along', async () => {
    const client = await clientOf(echo);
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const { data } = await withContext({ correlationId: 'encounter-4711', traceparent }, () =>
      client.get<Echo>('items'),
    );
    expect(data.headers['x-correlation-id']).toBe('encounter-4711');
    expect(data.headers['traceparent']).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)/);
  });

  it('uses its connections again', async () => {
    const ports = new Set<number | undefined>();
    const client = await clientOf((request, reply) => {
      ports.add(request.socket.remotePort);
      reply.end();
    });
    for (let n = 0; n < 10; n++) await client.get('items');
    expect(ports.size).toBeLessThan(3);
  });

  it('opens no more connections than it may', async () => {
    let most = 0;
    let active = 0;
    const client = await clientOf(
      (_, reply) => {
        most = Math.max(most, ++active);
        setTimeout(() => reply.end(void (active -= 1)), 5);
      },
      { connections: 2 },
    );
    await Promise.all(Array.from({ length: 8 }, () => client.get('items')));
    expect(most).toBe(2);
  });

  it('leaves a status of 400 and above, and a redirect, to the caller', async () => {
    expect(await (await clientOf(json(422, { code: 'period-closed' }))).get('items')).toMatchObject({
      status: 422,
      data: { code: 'period-closed' },
    });
    const moved = await clientOf((_, reply) => reply.writeHead(302, { location: 'http://elsewhere.example' }).end());
    expect(await moved.get('items')).toMatchObject({ status: 302, headers: { location: 'http://elsewhere.example' } });
  });

  it('reads what is declared as JSON, and hands over everything else as it came', async () => {
    const typed = (type: string, body: string, status = 200) =>
      clientOf((_, reply) => reply.writeHead(status, { 'content-type': type }).end(body));
    expect((await (await typed('application/fhir+json; charset=utf-8', '{"a":1}')).get('')).data).toEqual({ a: 1 });
    expect((await (await typed('text/plain', '{"a":1}')).get('')).data).toBe('{"a":1}');
    expect((await (await typed('application/json', '<html>', 502)).get('')).data).toBe('<html>');
    const bytes = await (await typed('application/pdf', '%PDF')).get<Buffer>('', { responseType: 'arraybuffer' });
    expect(bytes.data).toEqual(Buffer.from('%PDF'));
  });
});

describe('What goes wrong on the wire is a problem', () => {
  const problemOf = (call: Promise<unknown>) =>
    call.then(
      () => expect(undefined).toBe('a problem'),
      (error: unknown) => error,
    ) as Promise<Problem>;

  it('when nobody answers in time: no header, or a body that drips', async () => {
    const silent = await clientOf(() => undefined, { timeoutMs: 50 });
    expect(await problemOf(silent.get('items'))).toMatchObject({ slug: 'upstream-timeout' });
    const dripping = await clientOf((_, reply) => {
      const drip = setInterval(() => reply.write('.'), 10);
      reply.on('close', () => clearInterval(drip));
    });
    expect(await problemOf(dripping.get('items', { timeout: 80 }))).toMatchObject({ slug: 'upstream-timeout' });
  });

  it('when the connection is refused, reset, or ends within the answer', async () => {
    const gone = createServer();
    const closed = await listening(gone);
    await new Promise((resolve) => gone.close(resolve));
    expect(await problemOf(opening({ baseUrl: closed }).get(''))).toMatchObject({
      slug: 'upstream-unavailable',
      context: { code: 'ECONNREFUSED', target: new URL(closed).host },
    });
    const reset = await clientOf((request) => request.socket.destroy());
    expect(await problemOf(reset.post('items', {}))).toMatchObject({ slug: 'upstream-unavailable' });
    const cut = await clientOf((request, reply) => {
      reply.writeHead(200, { 'content-length': 1_000 }).write('{');
      setTimeout(() => request.socket.destroy(), 5);
    });
    expect(await problemOf(cut.get('items'))).toMatchObject({ slug: 'upstream-unavailable' });
  });

  it('when the answer is larger than allowed, announced or not', async () => {
    const limit = { maxResponseBytes: 1_000 };
    const announced = await clientOf((_, reply) => reply.end('x'.repeat(1_001)), limit);
    expect(await problemOf(announced.get('items'))).toMatchObject({ slug: 'upstream-rejected' });
    const endless = await clientOf((_, reply) => {
      const more = setInterval(() => reply.write('x'.repeat(400)), 1);
      reply.on('close', () => clearInterval(more));
    }, limit);
    expect(await problemOf(endless.get('items'))).toMatchObject({ slug: 'upstream-rejected' });
    const allowed = await clientOf((_, reply) => reply.end('x'.repeat(1_000)), limit);
    expect((await allowed.get<string>('items')).data).toHaveLength(1_000);
  });

  it('when the answer is not HTTP, or not the JSON it claims to be; and none of it is kept', async () => {
    const origin = await listening(createTcpServer((socket) => socket.resume().end('MSH|^~\\&|Testperson\r\n\r\n')));
    const garbage = await problemOf(opening({ baseUrl: origin }).get('items'));
    expect(garbage).toMatchObject({ slug: 'upstream-unavailable', detail: 'The answer is not HTTP' });
    const broken = await clientOf((_, reply) => {
      reply.setHeader('content-type', 'application/json').end('{"name":"Testperson"');
    });
    const unreadable = await problemOf(broken.get('items'));
    expect(unreadable).toMatchObject({ slug: 'upstream-unavailable', detail: expect.stringContaining('JSON') });
    for (const { message, cause, context } of [garbage, unreadable])
      expect(JSON.stringify([message, cause, context])).not.toContain('Testperson');
  });

  it('when an address cannot be sent: that is our own defect', async () => {
    const client = await clientOf(echo);
    expect(await problemOf(client.get('items/Jürgen ☤'))).toMatchObject({ slug: 'internal' });
  });

  it('when the caller gives up: the request is ended, by its own signal or by the guard around it', async () => {
    const closes: Promise<unknown>[] = [];
    const hangUp = new AbortController();
    const hanging = await clientOf((request) => {
      closes.push(new Promise((resolve) => request.socket.on('close', resolve)));
      hangUp.abort();
    });
    expect(await problemOf(hanging.get('items', { signal: hangUp.signal }))).toMatchObject({
      context: { stoppedBy: 'caller' },
    });
    expect(await problemOf(hanging.get('items', { signal: AbortSignal.abort() }))).toMatchObject({
      context: { stoppedBy: 'caller' },
    });
    const hurried = guard('spec.http', { timeoutMs: 200, retry: { attempts: 1 } });
    expect(await problemOf(hurried.run(() => hanging.get('items')))).toMatchObject({ slug: 'upstream-timeout' });
    expect(closes).toHaveLength(2);
    await Promise.all(closes);
  });
});
