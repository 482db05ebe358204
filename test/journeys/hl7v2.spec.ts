import { sendMllp } from '@concord/hl7v2';
import { testGateway, type TestGateway } from '../fixtures/gateway.js';

const message = (...segments: string[]): string => segments.join('\r');

const patient = 'PID|1||MRN-4711^^^NORTH^MR||Synthetica^Testa||19700101|F';

const discharge = (visit: string, control: string) =>
  message(
    `MSH|^~\\&|ADT|CLINIC-NORTH|CONCORD|HUB|20261121083000||ADT^A03^ADT_A03|${control}|P|2.5.1`,
    'EVN|A03|20261121083000',
    patient,
    `PV1|1|O|^^^CLINIC-NORTH||||1234^Doctor^Test|||||||||||O|${visit}|||||||||||||||||||||||||20261121080000|20261121083000`,
    'IN1|1|PRIVATE|PRIVATE|private',
  );

const charges = (visit: string, control: string) =>
  message(
    `MSH|^~\\&|BILLING|CLINIC-NORTH|CONCORD|HUB|20261121084000||DFT^P03^DFT_P03|${control}|P|2.5.1`,
    'EVN|P03|20261121084000',
    patient,
    `PV1|1|O|^^^CLINIC-NORTH||||1234^Doctor^Test|||||||||||O|${visit}|||||||||||||||||||||||||20261121080000|20261121083000`,
    'FT1|1|TX-1||20261121||CG|CH-VISIT-OFFICE^Office visit||||1',
    'IN1|1|PRIVATE|PRIVATE|private',
  );

/** MSA-1 of an acknowledgement. */
const code = (acknowledgement: string): string | undefined => /\rMSA\|(\w\w)/.exec(acknowledgement)?.[1];

describe('an encounter that comes by HL7 v2', () => {
  let gateway: TestGateway;
  const mllp = async (text: string): Promise<string> =>
    String(await sendMllp('127.0.0.1', gateway.mllpPort, text, { timeout: 10_000 }));

  beforeAll(async () => {
    gateway = await testGateway();
  });

  afterAll(() => gateway?.stop());

  it('is posted after its discharge and its charges, over MLLP', async () => {
    expect(code(await mllp(discharge('VISIT-1', 'C1')))).toBe('AA');
    expect(code(await mllp(charges('VISIT-1', 'C2')))).toBe('AA');
    const financials = await gateway.financials('VISIT-1');
    expect(financials.charges.map(({ chargeCode }) => chargeCode)).toEqual(['CH-VISIT-OFFICE']);
    expect(financials.balanced).toBe(true);
  });

  it('is posted once when the same charges come again', async () => {
    expect(code(await mllp(charges('VISIT-1', 'C2')))).toBe('AA');
    const { items } = (
      await gateway.operations.get<{ items: unknown[] }>('/system/erp/v1/journal-entries?reference=VISIT-1')
    ).body;
    expect(items).toHaveLength(1);
  });

  it('is posted when it comes as text over HTTP', async () => {
    for (const text of [discharge('VISIT-2', 'C3'), charges('VISIT-2', 'C4')]) {
      const answer = await gateway.ehr.post<string>('/system/ehr/v1/inbound/hl7v2', text);
      expect([answer.status, code(answer.body)]).toEqual([200, 'AA']);
    }
    expect((await gateway.financials('VISIT-2')).balanced).toBe(true);
  });

  it('is refused with a reason when it cannot be read, and acknowledged as kept when nobody handles it', async () => {
    expect(code(await mllp('MSH|^~\\&|X'))).toMatch(/A[ER]/);
    const unknown = discharge('VISIT-3', 'C5').replace('ADT^A03^ADT_A03', 'ZZZ^Z01');
    expect(code(await mllp(unknown))).toBe('AA');
  });
});
