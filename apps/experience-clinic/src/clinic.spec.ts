import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Module, Query } from '@nestjs/common';
import { importJWK, SignJWT, type JWK } from 'jose';
import { Endpoint, HostConfig, Resource, startHost, type ApiDefinition, type Host } from '@concord/api';
import { money, PriceEstimate, PriceQuestion, Problem } from '@concord/canonical';
import type { NewEvent } from '@concord/events';
import { Caller, freePort, waitUntil } from '@concord/testing';
import clinicApi from './api.js';
import type { BillingStatus, BillingStatusPage } from './billing-status/billing-status.dto.js';
import { completed, financed, parked, started } from './fixture/encounter-events.js';

/** Stands where the process API is: it knows the price of one service. */
@Resource('price-estimates')
class PriceController {
  @Endpoint('GET', {
    scope: 'patient-to-billing/price-estimate.read',
    summary: 'Estimate a price',
    answer: PriceEstimate,
  })
  estimatePrice(@Query() { code, system, quantity = '1' }: PriceQuestion): PriceEstimate {
    if (code !== '185349003')
      throw new Problem('unknown-code', 'No charge is known for this code', { context: { code } });
    const gross = money(Number(quantity) * 125);
    return { chargeCode: 'CH-VISIT-CHECKUP', description: `Check-up (${system})`, serviceLine: 'PRIMARY-CARE', gross };
  }
}

@Module({ controllers: [PriceController] })
class PriceModule {}

const processApi: ApiDefinition = {
  layer: 'process',
  name: 'patient-to-billing',
  version: 1,
  title: 'Prices',
  description: 'Prices.',
  dataClass: 'finance',
  module: PriceModule,
};

const BASE = '/experience/clinic/v1';
const dataDir = mkdtempSync(join(tmpdir(), 'concord-clinic-'));
let host: Host;
let portal: Caller;

beforeAll(async () => {
  const config = { ...new HostConfig(), dataDir, port: await freePort() };
  host = await startHost({ definitions: [processApi, clinicApi], config });
  portal = new Caller(host.url, 'clinic-portal');
});

afterAll(async () => {
  await portal.close();
  await host.stop();
  rmSync(dataDir, { recursive: true });
});

async function given(...events: NewEvent[]): Promise<void> {
  await host.platform.events.append(events);
  await waitUntil('every event to be taken', async () => (await list('page_size=1')).freshness.behind === 0);
}

const read = (encounterId: string, asking = {}) =>
  portal.get<BillingStatus & { code?: string }>(`${BASE}/encounters/${encounterId}/billing-status`, asking);

const list = async (query: string, asking = {}) =>
  (await portal.get<BillingStatusPage>(`${BASE}/encounters?${query}`, asking)).body;

/** A token of the issuer's own key for somebody who may enter one facility only. */
async function tokenWithin(facility: string): Promise<string> {
  const { keys } = JSON.parse(readFileSync(join(dataDir, 'identity/identity.json'), 'utf8')) as { keys: JWK[] };
  return new SignJWT({
    client_id: 'desk',
    scope: 'clinic/encounter.read',
    facilities: [facility],
    legal_entities: ['*'],
  })
    .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: keys[0]!.kid! })
    .setIssuer(host.url)
    .setAudience(`${host.url}/experience/clinic`)
    .setSubject('desk')
    .setExpirationTime('5m')
    .sign(await importJWK(keys[0]!, 'RS256'));
}

describe('the billing status of an encounter', () => {
  test('says where it stands, who has to act, and how fresh the answer is', async () => {
    const at = new Date('2026-11-21T10:00:00Z');
    await given(started('E-1'), completed('E-1'), parked('E-1', { step: 'charges', owner: 'billing', time: at }));
    const { status, body } = await read('E-1');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      encounterId: 'E-1',
      status: 'needs-attention',
      attention: [{ step: 'charges', owner: 'billing', problem: 'unknown-code', at: at.toISOString() }],
      changedAt: at.toISOString(),
      freshness: { asOf: at.toISOString(), behind: 0 },
    });
  });

  test('is not there for an encounter that the EHR has not told of', async () => {
    const { status, body } = await read('E-unknown');
    expect([status, body.code]).toEqual([404, 'not-found']);
  });

  test('is shown to the facility of the encounter once that is known, and to no other', async () => {
    await given(completed('E-2'));
    expect((await read('E-2', { token: await tokenWithin('CLINIC-EAST') })).status).toBe(403);
    await given(financed('E-2', new Date(), 'CLINIC-EAST'));
    expect((await read('E-2', { token: await tokenWithin('CLINIC-EAST') })).status).toBe(200);
    expect((await read('E-2', { token: await tokenWithin('CLINIC-NORTH') })).status).toBe(403);
  });
});

describe('the list of encounters', () => {
  const ids = ({ items }: BillingStatusPage) => items.map(({ encounterId }) => encounterId);

  test('shows those that moved last first, page by page, each once', async () => {
    await given(started('L-1'), started('L-2'), started('L-3'), started('L-1'));
    const first = await list('status=received&page_size=2');
    const second = await list(`status=received&page_size=2&page_token=${first.nextPageToken}`);
    expect([...ids(first), ...ids(second)]).toEqual(['L-1', 'L-3', 'L-2']);
    expect(second.nextPageToken).toBeUndefined();
  });

  test('has to be asked for by facility by those who may enter some only', async () => {
    await given(financed('F-1', new Date(), 'CLINIC-WEST'));
    const token = await tokenWithin('CLINIC-WEST');
    expect(await list('', { token })).toMatchObject({ code: 'access-denied' });
    expect(await list('facility=CLINIC-NORTH', { token })).toMatchObject({ code: 'access-denied' });
    expect(ids(await list('facility=CLINIC-WEST', { token }))).toEqual(['F-1']);
  });

  test('knows only the statuses there are', async () => {
    expect(await list('status=lost')).toMatchObject({ code: 'validation-failed' });
  });
});

describe('a price estimate', () => {
  const estimate = (query: string) => portal.get<PriceEstimate>(`${BASE}/price-estimates?${query}`);

  test('is what the process API answers now', async () => {
    const { status, body } = await estimate('code=185349003&system=http%3A%2F%2Fsnomed.info%2Fsct&quantity=2');
    expect(status).toBe(200);
    expect(body).toMatchObject({ description: 'Check-up (http://snomed.info/sct)', gross: money('250.00') });
  });

  test('is refused in the words of the process API', async () => {
    const { status, body } = await estimate('code=unheard-of');
    expect([status, body]).toMatchObject([422, { code: 'unknown-code', context: { code: 'unheard-of' } }]);
  });
});
