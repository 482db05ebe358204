/**
 * The main job with payers and suppliers behind X12 over real SFTP: from the encounter over the 837 to the payment, and
 * from what was used over the 850 to the invoice in the books.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type {
  Claim,
  ClaimStatus,
  Denial,
  Page,
  PatientBalance,
  PurchaseOrder,
  ReceivedFile,
  ReceivedInvoice,
  Remittance,
  ShipmentNotice,
  StockLevel,
  SupplierInvoice,
  SupplyOrder,
} from '@concord/canonical';
import { bookFaults, Caller, encounterBundle, journalTotals, ok, readBooks, waitUntil } from '@concord/testing';
import { readX12, setsOf } from '@concord/x12';
import { SimulatorClock } from '../../apps/simulators/src/clock.js';
import { Faults } from '../../apps/simulators/src/faults.js';
import {
  CLEARINGHOUSE_ACCOUNT,
  startClearinghouseSimulator,
  type ClearinghouseSimulator,
} from '../../apps/simulators/src/clearinghouse/clearinghouse.simulator.js';
import {
  startSuppliersSimulator,
  SUPPLIERS_ACCOUNT,
  type SuppliersSimulator,
} from '../../apps/simulators/src/suppliers/suppliers.simulator.js';
import { testGateway, type TestGateway } from '../fixtures/gateway.js';

const DAY = 86_400_000;
const API = '/system/revenue-cycle/v1';
const SUPPLY = '/system/supply-chain/v1';
const ERP = '/system/erp/v1';

describe('a finished encounter, with payers and suppliers behind X12', () => {
  let gateway: TestGateway;
  let clearinghouse: ClearinghouseSimulator;
  let clock: SimulatorClock;
  let suppliers: SuppliersSimulator;
  let billing: Caller;
  let purchasing: Caller;
  let accounting: Caller;
  let folder: string;
  const files: Buffer[] = [];
  const environment = { ...process.env };

  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'concord-clearinghouse-'));
    clock = new SimulatorClock(new Date());
    const faults = new Faults(() => clock.now());
    clearinghouse = await startClearinghouseSimulator({ port: 0, clock, faults, dataDir: folder, keep: files });
    suppliers = await startSuppliersSimulator({ port: 0, clock, faults, dataDir: path.join(folder, 'suppliers') });
    Object.assign(process.env, {
      CONNECTOR_SUPPLY_CHAIN: 'x12',
      SUPPLIERS_SFTP_PORT: String(suppliers.port),
      SUPPLIERS_SFTP_USER: SUPPLIERS_ACCOUNT.username,
      SUPPLIERS_SFTP_PASSWORD: SUPPLIERS_ACCOUNT.password,
      SUPPLIERS_SFTP_HOST_KEYS: suppliers.fingerprint,
      SUPPLIERS_SFTP_POLL_SECONDS: '0.1',
      SUPPLIERS_SEND_SECONDS: '0.1',
      CONNECTOR_REVENUE_CYCLE: 'x12',
      CLEARINGHOUSE_SFTP_PORT: String(clearinghouse.port),
      CLEARINGHOUSE_SFTP_USER: CLEARINGHOUSE_ACCOUNT.username,
      CLEARINGHOUSE_SFTP_PASSWORD: CLEARINGHOUSE_ACCOUNT.password,
      CLEARINGHOUSE_SFTP_HOST_KEYS: clearinghouse.fingerprint,
      CLEARINGHOUSE_SFTP_POLL_SECONDS: '0.1',
      CLEARINGHOUSE_BATCH_SECONDS: '0.2',
    });
    gateway = await testGateway();
    billing = new Caller(gateway.url, 'billing-office');
    purchasing = new Caller(gateway.url, 'purchasing');
    accounting = new Caller(gateway.url, 'accounting');
  });

  afterAll(async () => {
    await Promise.all([billing, purchasing, accounting].map((caller) => caller?.close()));
    await gateway?.stop();
    await clearinghouse?.close();
    await suppliers?.close();
    process.env = environment;
    fs.rmSync(folder, { recursive: true });
  });

  const coverage = (encounterId: string, memberId: string) => ({
    encounterId,
    payer: 'PRIVATE',
    memberId,
    familyName: 'SYNTHETICA',
    givenName: 'TESTA',
    birthDate: '1970-01-01',
    gender: 'female',
    street: '1 SAMPLE ST',
    city: 'TESTVILLE',
    state: 'MI',
    zip: '489330000',
  });

  const enter = (encounterId: string, memberId: string) =>
    billing.post(`${API}/coverages`, coverage(encounterId, memberId)).then(ok);

  const claimOf = async (encounterId: string): Promise<Claim> => {
    const { items } = ok(await billing.get<Page<Claim>>(`${API}/claims?encounter_id=${encounterId}`));
    return items[0]!;
  };

  const claimBecomes = (id: string, status: string) =>
    waitUntil(`${id} to be ${status}`, async () => {
      const answer = ok(await billing.get<ClaimStatus>(`${API}/claims/${id}/status`));
      return answer.status === status && answer;
    });

  it('is paid to the cent, weeks after the encounter came in', async () => {
    const attending = { npi: '1999999984', family: 'Practica', given: 'Testa' };
    const { encounterId, bundle } = encounterBundle('paid', { diagnoses: ['Z00.00', 'J06.9'], attending });
    await enter(encounterId, 'W000000001');
    ok(await gateway.send(bundle));
    const financials = await gateway.financials(encounterId);
    expect(financials.balanced).toBe(true);
    const claim = await claimOf(encounterId);
    const { history } = await claimBecomes(claim.id, 'accepted');
    expect(history.map(({ source }) => source)).toEqual(['concord', 'concord', 'acknowledgment', 'payer']);
    const sets = files.flatMap((file) => setsOf(readX12(file)));
    const own = sets.filter(({ segments }) =>
      segments.some((each) => each.name === 'CLM' && each.at(1) === claim.number),
    );
    expect(own).toHaveLength(1);
    expect(own[0]!.segments.find(({ name }) => name === 'CLM')!.at(2)).toBe(financials.gross.amount);
    const treated = own[0]!.segments.find((each) => each.name === 'NM1' && /^(71|82)$/.test(each.at(1) ?? ''))!;
    const guide = claim.kind === 'institutional' ? '71' : '82'; // attending, or rendering (loop 2310)
    expect([1, 2, 3, 4, 8, 9].map((place) => treated.at(place))).toEqual([
      guide,
      '1',
      'PRACTICA',
      'TESTA',
      'XX',
      attending.npi,
    ]);

    await clock.turn(15 * DAY);
    await claimBecomes(claim.id, 'paid');
    const remittances = ok(await billing.get<Page<Remittance>>(`${API}/remittances?status=posted`));
    expect(remittances.items.flatMap(({ claims }) => claims.map(({ claimNumber }) => claimNumber))).toContain(
      claim.number,
    );
    const balance = ok(await billing.get<PatientBalance>(`${API}/patient-balances/${encounterId}`));
    expect(balance.charged).toEqual(financials.gross);
    expect(balance.open).toEqual(balance.patientOwes);
    expect(Number(balance.paidByPayers.amount)).toBeGreaterThan(0);
  });

  it('names on its claim who treated, where the encounter tells only their NPI and the record knows whose it is', async () => {
    const npi = 'http://hl7.org/fhir/sid/us-npi';
    const practitioner = (id: string, value: string) => ({
      resourceType: 'Practitioner',
      id,
      identifier: [{ system: npi, value }],
      name: [{ family: 'Practica', given: ['Testa'] }],
    });
    ok(await gateway.send(practitioner('told-before', '1234567893')));
    ok(await gateway.send(practitioner('twin-1', '1245319599')));
    ok(await gateway.send(practitioner('twin-2', '1245319599')));
    const told: Record<string, Claim['provider']> = {};
    for (const [seed, value] of [
      ['known', '1234567893'],
      ['told-of-two', '1245319599'],
      ['nobody-knows', '9999974493'],
      ['wrong-check-digit', '1234567890'],
    ] as const) {
      const { encounterId, bundle } = encounterBundle(seed, { diagnoses: ['Z00.00'] });
      const encounter = bundle.entry.find(({ resource }) => resource.resourceType === 'Encounter')!;
      const individual = { reference: `Practitioner?identifier=${npi}|${value}` };
      Object.assign(encounter.resource, { participant: [{ individual }] });
      await enter(encounterId, `W1${value}`);
      ok(await gateway.send(bundle));
      expect((await gateway.financials(encounterId)).balanced).toBe(true);
      told[seed] = (await claimOf(encounterId)).provider;
    }
    const provider = { npi: '1234567893', familyName: 'Practica', givenName: 'Testa' };
    expect(told).toEqual({ known: provider });
  });

  it('is denied with a reason that billing can read', async () => {
    const { encounterId, bundle } = encounterBundle('denied', { diagnoses: ['Z00.00'] });
    await enter(encounterId, 'D000000001');
    ok(await gateway.send(bundle));
    await gateway.financials(encounterId);
    const claim = await claimOf(encounterId);
    await claimBecomes(claim.id, 'accepted');
    await clock.turn(15 * DAY);
    await claimBecomes(claim.id, 'denied');
    const { items } = ok(await billing.get<Page<Denial>>(`${API}/denials?encounter_id=${encounterId}`));
    expect(items.length).toBeGreaterThan(0);
    expect(items.every(({ reason }) => reason === '197')).toBe(true);
  });

  it('waits with billing while no payer would take it, and goes out once it is complete', async () => {
    const { encounterId, bundle } = encounterBundle('uninsured', { diagnoses: ['Z00.00'] });
    ok(await gateway.send(bundle));
    await gateway.run(encounterId, 'parked');
    const [exception] = await gateway.exceptions(encounterId);
    expect(exception).toMatchObject({ step: 'claim', owner: 'billing', problem: 'coding-incomplete' });
    await enter(encounterId, 'W000000002');
    const path = `/experience/operations/v1/exceptions/${exception!.id}`;
    const preview = ok(await gateway.operations.post<{ hash: string }>(`${path}/preview`, {}));
    ok(await gateway.operations.post(`${path}/resolve`, { note: 'Coverage entered', previewHash: preview.hash }));
    expect((await gateway.financials(encounterId)).balanced).toBe(true);
    await claimBecomes((await claimOf(encounterId)).id, 'accepted');
  });

  it('shows operations each file of a payer that could not be used, and lets them give it up', async () => {
    const files = `${API}/received-files`;
    const open = async () => ok(await gateway.operations.get<Page<ReceivedFile>>(`${files}?status=open`)).items;
    clearinghouse.server.write('/outbox/torn.x12', Buffer.from('ISA*00*          *00*'));
    const [file] = await waitUntil('the file', async () => (await open()).length > 0 && open());
    expect(file).toMatchObject({ partner: 'clearinghouse', status: 'open', attempts: 1 });
    expect(file!.faults[0]!.position).toMatch(/at byte \d+$/);
    expect(ok(await gateway.operations.post(`${files}/${file!.id}/retry`, {}))).toMatchObject({ attempts: 2 });
    const discarded = ok(await gateway.operations.post(`${files}/${file!.id}/discard`, { reason: 'Torn off' }));
    expect(discarded).toMatchObject({ status: 'discarded', discardedBecause: 'Torn off' });
    expect(await open()).toEqual([]);
    expect((await gateway.operations.post(`${files}/${file!.id}/retry`, {})).status).toBe(409);
  });

  it('takes its supplies from our own stores, which are filled up by an order that ends in the books', async () => {
    const { database } = gateway.host.platform;
    const before = await readBooks(database);
    const { encounterId, bundle } = encounterBundle('supplied', { diagnoses: ['Z00.00'], procedures: ['288086009'] });
    await enter(encounterId, 'W000000003');
    ok(await gateway.send(bundle));
    const { supplies, balanced } = await gateway.financials(encounterId);
    expect(balanced).toBe(true);
    expect(supplies.map(({ itemId }) => itemId)).toContain('SUTURE-KIT');
    const after = await readBooks(database);
    const used = after.stock.filter(({ reference }) => reference === encounterId);
    expect(
      bookFaults({ ...after, stock: used, journal: postedFor(after, encounterId) }, [encounterId], before),
    ).toEqual([]);

    const number = await orderedInErp();
    const order = {
      number,
      supplier: 'SUP-HARBOR-MEDICAL',
      deliverTo: 'STOCK-NORTH',
      neededOn: today(),
      lines: [{ itemId: 'SUTURE-KIT', quantity: '40', unit: 'each', unitPrice: usd('14.75') }],
    };
    ok(await purchasing.post(`${SUPPLY}/orders`, order));
    await orderBecomes(number, 'confirmed');
    await clock.turn(DAY);
    await orderBecomes(number, 'shipped');
    const shipments = ok(await purchasing.get<Page<ShipmentNotice>>(`${SUPPLY}/shipment-notices?order=${number}`));
    const { id: shipment, number: deliveryNote, lines: shipped } = shipments.items[0]!;
    const atFirst = await suturesNorth();
    ok(await purchasing.post(`${SUPPLY}/shipment-receipts`, { shipment }));
    expect(await suturesNorth()).toBe(atFirst + 40);
    const come = shipped.map(({ line, quantity, lot }) => ({ line, quantity, lot }));
    const receipt = { purchaseOrder: number, receivedOn: today(), deliveryNote, lines: come };
    ok(await accounting.post(`${ERP}/goods-receipts`, receipt));
    await clock.turn(DAY);
    const invoice = await waitUntil('the invoice', async () => {
      const path = `${SUPPLY}/received-invoices?order=${number}&status=received`;
      return ok(await purchasing.get<Page<ReceivedInvoice>>(path)).items[0];
    });
    const entered = ok(await accounting.post<SupplierInvoice>(`${ERP}/supplier-invoices`, asEntered(invoice)));
    expect(entered).toMatchObject({ total: invoice.total, match: { status: 'matched' }, paymentBlocked: false });
    const path = `${SUPPLY}/received-invoices/${invoice.id}/entry`;
    expect(ok(await purchasing.post(path, { supplierInvoice: entered.id }))).toMatchObject({ status: 'entered' });
    const { debits, credits } = journalTotals(await readBooks(database));
    expect(debits).toBe(credits);
  });

  const today = () => new Date().toISOString().slice(0, 10);
  const usd = (amount: string) => ({ amount, currency: 'USD' });

  const postedFor = ({ journal }: Awaited<ReturnType<typeof readBooks>>, encounterId: string) =>
    journal.filter(({ reference }) => reference === encounterId);

  /** The order as finance sees it; its number goes to the supplier. */
  async function orderedInErp(): Promise<string> {
    const line = { item: 'SUTURE-KIT', description: 'Suture kit, sterile', quantity: '40', unit: 'each' };
    const order = {
      legalEntity: 'LSH',
      supplier: 'SUP-HARBOR-MEDICAL',
      deliverTo: 'STOCK-NORTH',
      neededOn: today(),
      lines: [{ ...line, unitPrice: usd('14.75'), account: '1400', costCenter: 'CC-NORTH-PRIMARY-CARE' }],
    };
    const { id } = ok(await accounting.post<PurchaseOrder>(`${ERP}/purchase-orders`, order));
    ok(await accounting.post(`${ERP}/purchase-orders/${id}/submission`, {}));
    ok(await accounting.post(`${ERP}/purchase-orders/${id}/approval`, { approver: 'W-2003' }));
    ok(await accounting.post(`${ERP}/purchase-orders/${id}/dispatch`, {}));
    return id;
  }

  const orderBecomes = (id: string, status: string) =>
    waitUntil(`${id} to be ${status}`, async () => {
      const order = ok(await purchasing.get<SupplyOrder>(`${SUPPLY}/orders/${id}`));
      return order.status === status && order;
    });

  const suturesNorth = async () => {
    const asked = `${SUPPLY}/stock-levels?location=STOCK-NORTH&item_id=SUTURE-KIT`;
    return Number(ok(await purchasing.get<Page<StockLevel>>(asked)).items[0]!.onHand);
  };

  const asEntered = ({ supplier, number, order, invoiceDate, lines }: ReceivedInvoice) => ({
    legalEntity: 'LSH',
    supplier,
    number,
    purchaseOrder: order,
    invoiceDate,
    accountingDate: today(),
    lines: lines.map(({ orderLine, description, quantity, unitPrice }) => ({
      orderLine,
      description,
      quantity,
      unitPrice,
    })),
  });
});
