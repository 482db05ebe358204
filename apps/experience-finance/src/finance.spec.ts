import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Module, Param } from '@nestjs/common';
import { importJWK, SignJWT, type JWK } from 'jose';
import { Endpoint, HostConfig, Resource, startHost, type ApiDefinition, type Host } from '@concord/api';
import { BalanceProof, money } from '@concord/canonical';
import { Caller, freePort, waitUntil } from '@concord/testing';
import financeApi from './api.js';
import type { FinancedEncounterPage } from './encounters/encounters.dto.js';
import type { Financials } from './financials/financials.dto.js';
import { financed, unwound } from './fixture/encounter-events.js';
import type { Profitability } from './profitability/profitability.dto.js';

/** Stands where the process API is: the one proof it gives is told here. */
@Resource('encounters')
class ProofController {
  static balanced = true;

  @Endpoint('GET :encounterId/balance-proof', {
    scope: 'patient-to-billing/proof.read',
    summary: 'Prove the balance',
    answer: BalanceProof,
  })
  proveBalance(@Param('encounterId') encounterId: string): BalanceProof {
    const { balanced: holds } = ProofController;
    const laws = [{ law: 'debits = credits', left: '125.00 USD', right: holds ? '125.00 USD' : '124.00 USD', holds }];
    return { encounterId, balanced: holds, laws, checkedAt: '2026-11-21T09:30:00Z' };
  }
}

@Module({ controllers: [ProofController] })
class ProofModule {}

const processApi: ApiDefinition = {
  layer: 'process',
  name: 'patient-to-billing',
  version: 1,
  title: 'Proofs',
  description: 'Proofs.',
  dataClass: 'finance',
  module: ProofModule,
};

const BASE = '/experience/finance/v1';
const dataDir = mkdtempSync(join(tmpdir(), 'concord-finance-'));
let host: Host;
let portal: Caller;

beforeAll(async () => {
  const config = { ...new HostConfig(), dataDir, port: await freePort() };
  host = await startHost({ definitions: [processApi, financeApi], config });
  portal = new Caller(host.url, 'finance-portal');
});

afterAll(async () => {
  await portal.close();
  await host.stop();
  rmSync(dataDir, { recursive: true });
});

/** Appends the events and waits until they are in the rows. */
async function given(...events: ReturnType<typeof financed>[]): Promise<void> {
  await host.platform.events.append(events);
  await waitUntil('every event to be taken', async () => {
    const { body } = await portal.get<FinancedEncounterPage>(`${BASE}/encounters?page_size=1`);
    return body.freshness.behind === 0;
  });
}

/** A token of the issuer's own key for somebody who may enter some legal entities only. */
async function tokenWithin(...legalEntities: string[]): Promise<string> {
  const { keys } = JSON.parse(readFileSync(join(dataDir, 'identity/identity.json'), 'utf8')) as { keys: JWK[] };
  const claims = { client_id: 'auditor', scope: 'finance/encounter.read finance/profitability.read' };
  return new SignJWT({ ...claims, facilities: ['*'], legal_entities: legalEntities })
    .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: keys[0]!.kid! })
    .setIssuer(host.url)
    .setAudience(`${host.url}/experience/finance`)
    .setSubject('auditor')
    .setExpirationTime('5m')
    .sign(await importJWK(keys[0]!, 'RS256'));
}

const read = (encounterId: string, asking = {}) =>
  portal.get<Financials & { code?: string; detail?: string }>(`${BASE}/encounters/${encounterId}/financials`, asking);

describe('the financials of an encounter', () => {
  test('show what it became, with the proof that the systems of record give at this moment', async () => {
    await given(financed({ encounterId: 'E-1', gross: money('125.00'), laborCost: money('20.00') }));
    const { status, body } = await read('E-1');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      encounterId: 'E-1',
      status: 'financed',
      charges: [{ chargeCode: 'CH-VISIT-CHECKUP', amount: money('125.00') }],
      claim: { number: 'CLM-E-1', charge: money('125.00'), expected: money('90.00') },
      journalEntries: [{ number: 'JE-E-1', legalEntity: 'LSH', lines: [{ account: '1200' }, {}, {}] }],
      gross: money('125.00'),
      margin: money('70.00'),
      balanced: true,
      proof: { balanced: true, laws: [{ law: 'debits = credits', holds: true }] },
      freshness: { behind: 0 },
    });
    ProofController.balanced = false;
    expect((await read('E-1')).body).toMatchObject({ balanced: false, proof: { laws: [{ holds: false }] } });
    ProofController.balanced = true;
  });

  test('stay to be read once they are taken back, and say so', async () => {
    await given(financed({ encounterId: 'E-2' }), unwound({ encounterId: 'E-2' }));
    expect((await read('E-2')).body).toMatchObject({ status: 'withdrawn', gross: money('125.00') });
  });

  test('are not there before anything is posted', async () => {
    const { status, body } = await read('E-unknown');
    expect([status, body.code]).toEqual([404, 'not-found']);
    expect(body.detail).toBe('Nothing has been posted for this encounter, or not yet');
  });

  test('are shown to those who may enter the legal entity, and to nobody else', async () => {
    await given(financed({ encounterId: 'E-3', legalEntity: 'LSM' }));
    expect((await read('E-3', { token: await tokenWithin('LSM', 'LSH') })).status).toBe(200);
    const refused = await read('E-3', { token: await tokenWithin('LSH') });
    expect([refused.status, refused.body.code]).toEqual([403, 'access-denied']);
    expect((await read('E-3', { token: await tokenWithin() })).status).toBe(403);
  });
});

describe('the list of financed encounters', () => {
  const list = async (query: string, asking = {}) =>
    (await portal.get<FinancedEncounterPage>(`${BASE}/encounters?${query}`, asking)).body;
  const ids = ({ items }: FinancedEncounterPage) => items.map(({ encounterId }) => encounterId);

  test('comes newest day of service first, page by page, each encounter once', async () => {
    const days = ['2025-03-01', '2025-03-04', '2025-03-02', '2025-03-03', '2025-03-03'];
    await given(
      ...days.map((serviceDate, i) => financed({ encounterId: `L-${i}`, serviceDate, facility: 'CLINIC-LIST' })),
    );
    const seen: string[] = [];
    let token = '';
    do {
      const page = await list(`facility=CLINIC-LIST&page_size=2${token}`);
      seen.push(...ids(page));
      token = page.nextPageToken ? `&page_token=${page.nextPageToken}` : '';
    } while (token);
    expect(seen).toEqual(['L-1', 'L-4', 'L-3', 'L-2', 'L-0']);
  });

  test('is narrowed by legal entity, facility, service line, payer and day of service', async () => {
    const facts = { legalEntity: 'LSF', facility: 'CLINIC-F', serviceLine: 'SURGERY', payer: 'MEDICARE' };
    await given(financed({ encounterId: 'F-1', ...facts, serviceDate: '2024-05-05' }));
    const all = 'legal_entity=LSF&facility=CLINIC-F&service_line=SURGERY&payer=MEDICARE&from=2024-05-05&to=2024-05-05';
    expect(ids(await list(all))).toEqual(['F-1']);
    for (const [name] of new URLSearchParams(all)) {
      const other = new URLSearchParams(all);
      other.set(name, { from: '2024-05-06', to: '2024-05-04' }[name] ?? 'OTHER');
      expect(ids(await list(String(other)))).toEqual([]);
    }
  });

  test('has to be asked for by legal entity by those who may enter some only', async () => {
    const token = await tokenWithin('LSF');
    expect(await list('', { token })).toMatchObject({ code: 'access-denied' });
    expect(await list('legal_entity=LSH', { token })).toMatchObject({ code: 'access-denied' });
    expect(ids(await list('legal_entity=LSF', { token }))).toEqual(['F-1']);
  });

  test('refuses a page token that is not its own', async () => {
    const foreign = Buffer.from('["not a day","E-1"]').toString('base64url');
    expect(await list(`page_token=${foreign}`)).toMatchObject({ code: 'validation-failed' });
  });
});

test('profitability is told by what is asked for, and to those bound to a legal entity only of theirs', async () => {
  await given(financed({ encounterId: 'W-1', legalEntity: 'LSW', facility: 'CLINIC-W', gross: money('200.00') }));
  const token = await tokenWithin('LSW');
  const of = (query: string) => portal.get<Profitability>(`${BASE}/profitability?${query}`, { token });
  const { status, body } = await of('by=facility&legal_entity=LSW');
  expect(status).toBe(200);
  expect(body.lines).toMatchObject([{ code: 'CLINIC-W', encounters: 1, gross: money('200.00') }]);
  expect((await of('by=facility')).status).toBe(403);
  expect((await portal.get(`${BASE}/profitability?by=patient`)).status).toBe(422);
});

describe('the live stream', () => {
  interface Told {
    readonly id: string;
    readonly event: string;
    readonly data: { readonly encounterId: string };
  }

  /** Reads events until `enough`, then hangs up. */
  async function watch(enough: (told: Told[]) => boolean, headers = {}, token?: string): Promise<Told[]> {
    const authorization = `Bearer ${token ?? (await portal.tokenFor(BASE))}`;
    const hangUp = new AbortController();
    const response = await fetch(`${host.url}${BASE}/live`, {
      headers: { authorization, ...headers },
      signal: hangUp.signal,
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const told: Told[] = [];
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const [id, event, data] = text
          .slice(0, end)
          .split('\n')
          .map((line) => line.replace(/^\w+: /, ''));
        if (data) told.push({ id: id!, event: event!, data: JSON.parse(data) as Told['data'] });
        text = text.slice(end + 2);
      }
      if (enough(told)) break;
    }
    hangUp.abort();
    return told;
  }

  const of = (told: readonly Told[]) => told.map(({ event, data }) => `${event} ${data.encounterId}`);

  test('tells each encounter as it is financed, and goes on where a client was cut off', async () => {
    const watching = watch((told) => told.length === 2);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await given(financed({ encounterId: 'S-1' }), financed({ encounterId: 'S-2' }));
    const told = await watching;
    expect(of(told)).toEqual(['encounter-financed S-1', 'encounter-financed S-2']);
    await given(unwound({ encounterId: 'S-1' }));
    const missed = await watch((more) => more.length === 2, { 'last-event-id': told[0]!.id });
    expect(of(missed)).toEqual(['encounter-financed S-2', 'encounter-withdrawn S-1']);
  });

  test('shows nothing of a legal entity that the caller may not enter', async () => {
    await given(
      financed({ encounterId: 'S-3', legalEntity: 'LSX' }),
      financed({ encounterId: 'S-4', legalEntity: 'LSY' }),
    );
    const told = await watch((more) => more.length === 1, { 'last-event-id': '0' }, await tokenWithin('LSY'));
    expect(of(told)).toEqual(['encounter-financed S-4']);
  });

  test('refuses an id that is none of its own', async () => {
    const { status } = await portal.get(`${BASE}/live`, { headers: { 'last-event-id': 'yesterday' } });
    expect(status).toBe(400);
  });
});
