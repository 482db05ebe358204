/**
 * A human capital management SaaS: OAuth2 client credentials, JSON collections paged by offset (100 at most), optimistic
 * versions, client references that are unique, and webhooks signed by HMAC. Stateful and deterministic. Operations:
 * `token`, `find`, `read`, `make`, `alter`, `notify`. The same workforce is told in files each night: `nightly.ts`.
 */
import { createHmac, randomUUID } from 'node:crypto';
import type { SftpServer } from '@concord/testing';
import { faultyServer, listen } from '../http.js';
import type { Simulator, SimulatorOptions } from '../simulator.js';
import { COLLECTIONS, PAY_BANDS, SITES, type Collection, type Entry } from './collections.js';
import { startNightlyMailbox } from './nightly.js';
import { Personnel, Refusal } from './personnel.js';

/** Synthetic, as all that is kept here. */
export const HCM_CLIENT = { id: 'concord', secret: 'synthetic-hcm-secret', webhookSecret: 'synthetic-webhook-secret' };

const TOKEN_SECONDS = 300;
const MOST_A_PAGE = 100;
/** The port of its mailbox is so far above that of its API. */
const MAILBOX_ABOVE = 20;

export interface HcmSimulator extends Simulator {
  readonly personnel: Personnel;
  /** Where it leaves its extracts, for a test that wants to look. */
  readonly mailbox: SftpServer;
  /** Where changes of people are told from now on. */
  notifyAt(url: string): void;
  /** Every token is worth nothing from now on. */
  forgetTokens(): void;
  /** Resolves when all notices are sent. */
  idle(): Promise<void>;
}

export async function startHcmSimulator(options: SimulatorOptions): Promise<HcmSimulator> {
  const { port, clock, faults } = options;
  const tokens = new Map<string, number>();
  let webhook: string | undefined;
  let sending: Promise<unknown> = Promise.resolve();
  let held: object | undefined;

  const send = async (notice: object): Promise<void> => {
    const { deliveryId, event, employeeNo } = notice as Record<string, string>;
    const sentAt = String(Math.floor(clock.now().getTime() / 1000));
    const signed = `${sentAt}.${deliveryId}.${event}.${employeeNo}`;
    const signature = createHmac('sha256', HCM_CLIENT.webhookSecret).update(signed).digest('hex');
    const headers = { 'content-type': 'application/json', 'x-hr-sent-at': sentAt, 'x-hr-signature': signature };
    await fetch(webhook!, { method: 'POST', headers, body: JSON.stringify(notice) }).catch(() => undefined);
  };
  const told = (person: Entry, event: string): void => {
    if (!webhook) return;
    const notice = { deliveryId: randomUUID(), event, employeeNo: person['employeeNo'] };
    const kind = faults.next('notify')?.kind;
    if (kind === 'lost') return;
    if (kind === 'out-of-order') return void (held = notice);
    const now = [notice, ...(kind === 'duplicate' ? [notice] : []), ...(held ? [held] : [])];
    held = undefined;
    sending = sending.then(async () => {
      for (const one of now) await send(one);
    });
  };

  const personnel = new Personnel(() => clock.now(), told);
  const server = faultyServer(faults);
  server.setErrorHandler((error, _request, reply) => {
    if (!(error instanceof Refusal)) return reply.code(500).send({ code: 'INTERNAL' });
    return reply.code(error.status).send({ code: error.code, ...error.more });
  });
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  server.addHook('preHandler', async (request) => {
    if (!request.url.startsWith('/hr/')) return;
    const token = String(request.headers.authorization).replace('Bearer ', '');
    if ((tokens.get(token) ?? 0) < clock.now().getTime()) throw new Refusal(401, 'TOKEN');
  });

  server.post('/oauth2/token', { config: { operation: 'token' } }, (request) => {
    const expected = `Basic ${Buffer.from(`${HCM_CLIENT.id}:${HCM_CLIENT.secret}`).toString('base64')}`;
    if (request.headers.authorization !== expected) throw new Refusal(401, 'CLIENT');
    const token = randomUUID();
    tokens.set(token, clock.now().getTime() + TOKEN_SECONDS * 1000);
    return { access_token: token, token_type: 'Bearer', expires_in: TOKEN_SECONDS };
  });
  server.get('/hr/v2/payBands', { config: { operation: 'find' } }, () => ({ data: PAY_BANDS }));
  server.get('/hr/v2/sites', { config: { operation: 'find' } }, () => ({ data: SITES.map((site) => ({ site })) }));

  type Asked = { Params: { collection: Collection; ref: string }; Querystring: Record<string, string> };
  const known = (collection: Collection): Collection => {
    if (!COLLECTIONS.includes(collection)) throw new Refusal(404, 'NO_SUCH_COLLECTION');
    return collection;
  };
  server.get<Asked>('/hr/v2/:collection', { config: { operation: 'find' } }, ({ params, query }) => {
    const { offset = '0', limit = '50', touchedFrom = '0', inForce, ...members } = query;
    const matching = personnel
      .all(known(params.collection))
      .filter(
        (one) =>
          one.touched >= Number(touchedFrom) &&
          Object.entries(members).every(([member, value]) => String(one[member]) === value) &&
          (!inForce ||
            (String(one['effFrom']) <= inForce &&
              String((one['effTo'] as string | undefined) ?? '99991231') >= inForce)),
      );
    const from = Number(offset);
    const data = matching.slice(from, from + Math.min(Number(limit), MOST_A_PAGE));
    return { total: matching.length, offset: from, data };
  });
  server.get<Asked>('/hr/v2/:collection/:ref', { config: { operation: 'read' } }, ({ params }) =>
    personnel.one(known(params.collection), params.ref),
  );
  server.post<Asked & { Body: Record<string, unknown> }>(
    '/hr/v2/:collection',
    { config: { operation: 'make' } },
    ({ params, body }, reply) => reply.code(201).send(personnel.make(known(params.collection), body)),
  );
  server.patch<Asked & { Body: Record<string, unknown> }>(
    '/hr/v2/:collection/:ref',
    { config: { operation: 'alter' } },
    ({ params, body, headers }) =>
      personnel.alter(known(params.collection), params.ref, body, Number(headers['x-hr-version'])),
  );

  const nightly = await startNightlyMailbox(personnel, { ...options, port: port && port + MAILBOX_ABOVE });
  return {
    url: await listen(server, port),
    doors: { extracts: `sftp://127.0.0.1:${nightly.server.port}` },
    mailbox: nightly.server,
    personnel,
    notifyAt: (url) => void (webhook = url),
    forgetTokens: () => tokens.clear(),
    idle: async () => void (await sending),
    close: async () => void (await Promise.all([server.close(), nightly.close()])),
  };
}
