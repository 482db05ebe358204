import { enveloped } from '../fixture/envelopes.js';
import {
  checkShape,
  type Guide,
  guideOf,
  INVENTORY_ADVICE,
  type InventoryAdvice,
  inVersion,
  INVOICE,
  type InvoiceSet,
  itemsOf,
  PRICE_CATALOGUE,
  type PriceCatalogue,
  PURCHASE_ORDER,
  PURCHASE_ORDER_ACKNOWLEDGMENT,
  PURCHASE_ORDER_CHANGE,
  PURCHASE_ORDER_CHANGE_ACKNOWLEDGMENT,
  type PurchaseOrderChange,
  type PurchaseOrderChangeAcknowledgment,
  type PurchaseOrderAcknowledgment,
  type PurchaseOrderSet,
  readWhole,
  readX12,
  setsOf,
  SHIP_NOTICE,
  type ShipNotice,
  writeSet,
} from '../index.js';

const order: PurchaseOrderSet = {
  order: { purpose: '00', type: 'SA', number: 'PO-000123', date: '20260301' },
  currency: { entity: 'BY', currency: 'USD' },
  dates: [{ qualifier: '002', date: '20260310' }],
  parties: [{ party: { entity: 'ST', name: 'CLINIC NORTH', idQualifier: '92', id: 'STOCK-NORTH' } }],
  lines: [
    {
      line: {
        line: '1',
        quantity: '5',
        unit: 'CA',
        price: '295',
        products: [
          { qualifier: 'VN', id: 'HM-10023' },
          { qualifier: 'UK', id: '02990000002020' },
        ],
      },
      descriptions: [{ description: { type: 'F', text: 'Suture kit, sterile' } }],
    },
    { line: { line: '2', quantity: '10', unit: 'EA', price: '1.85', products: [{ qualifier: 'VN', id: 'HM-10024' }] } },
  ],
  totals: { totals: { lines: '2', hash: '15' } },
};

const answer: PurchaseOrderAcknowledgment = {
  answer: { purpose: '00', type: 'AC', number: 'PO-000123', date: '20260301', reference: 'HM-9' },
  lines: [
    {
      line: { line: '1', quantity: '5', unit: 'CA', price: '295', products: [{ qualifier: 'VN', id: 'HM-10023' }] },
      answers: [
        { answer: { status: 'IA', quantity: '3', unit: 'CA', dateQualifier: '067', date: '20260310' } },
        { answer: { status: 'IB', quantity: '2', unit: 'CA', dateQualifier: '067', date: '20260401' } },
      ],
    },
  ],
  totals: { totals: { lines: '1' } },
};

const notice: ShipNotice = {
  notice: { purpose: '00', number: 'SH-1', date: '20260308', time: '1200', structure: '0001' },
  shipment: {
    carriers: [{ sequence: 'B', carrierQualifier: '2', carrier: 'TEST' }],
    references: [{ qualifier: 'CN', value: 'TRACK-1' }],
    dates: [
      { qualifier: '011', date: '20260308' },
      { qualifier: '017', date: '20260310' },
    ],
    orders: [
      {
        order: { number: 'PO-000123' },
        packs: [
          {
            marks: [{ qualifier: 'GM', number: '00000000000000000000' }],
            items: [
              {
                item: {
                  line: '1',
                  products: [
                    { qualifier: 'VN', id: 'HM-10023' },
                    { qualifier: 'LT', id: 'L-1' },
                  ],
                },
                shipped: { line: '1', quantity: '3', unit: 'CA' },
                dates: [{ qualifier: '036', date: '20270630' }],
              },
            ],
          },
        ],
        items: [
          {
            item: { line: '2', products: [{ qualifier: 'VN', id: 'HM-10024' }] },
            shipped: { line: '2', quantity: '10', unit: 'EA' },
          },
        ],
      },
    ],
  },
  totals: { lines: '4' },
};

const invoice: InvoiceSet = {
  invoice: { date: '20260309', number: 'INV-1', orderDate: '20260301', order: 'PO-000123', type: 'DI' },
  terms: [{ type: '01', basis: '3', netDays: '30' }],
  lines: [
    { line: { line: '1', quantity: '3', unit: 'CA', price: '295', products: [{ qualifier: 'VN', id: 'HM-10023' }] } },
    {
      line: { line: '2', quantity: '10', unit: 'EA', price: '1.855', products: [{ qualifier: 'VN', id: 'HM-10024' }] },
    },
  ],
  total: { total: '91455' },
  taxes: [{ type: 'ST', amount: '6' }],
  allowances: [{ allowance: { indicator: 'C', code: 'D240', amount: '500' } }],
  totals: { lines: '2' },
};

const catalogue: PriceCatalogue = {
  catalogue: { purpose: 'PC', number: 'CAT-1', change: '04' },
  items: [
    {
      item: {
        line: '1',
        products: [
          { qualifier: 'VN', id: 'HM-10023' },
          { qualifier: 'UK', id: '02990000002020' },
        ],
      },
      change: { code: '001' },
      descriptions: [{ type: 'F', text: 'Suture kit, sterile' }],
      prices: [
        {
          price: { type: 'CON', price: '295', quantity: '1', unit: 'CA' },
          dates: [{ qualifier: '007', date: '20260401' }],
        },
      ],
    },
  ],
  totals: { lines: '1' },
};

const advice: InventoryAdvice = {
  advice: { purpose: '00', type: 'SI', number: 'ADV-1', date: '20260301' },
  items: [
    {
      item: { line: '1', products: [{ qualifier: 'VN', id: 'HM-10023' }] },
      quantities: [{ quantity: { qualifier: '33', quantity: '40', unit: 'CA' } }],
    },
  ],
};

const cancellation: PurchaseOrderChange = {
  change: { purpose: '01', type: 'SA', number: 'PO-000123', date: '20260301', sequence: '1', changedOn: '20260302' },
  lines: [{ line: { line: '1', change: 'DI', quantity: '5', left: '0', unit: { unit: 'CA' } } }],
};

const cancelled: PurchaseOrderChangeAcknowledgment = {
  answer: { purpose: '01', type: 'AD', number: 'PO-000123', date: '20260301', sequence: '1' },
  lines: [
    {
      line: { line: '1', change: 'DI', quantity: '5', left: '0', unit: { unit: 'CA' }, price: '295' },
      answers: [{ answer: { status: 'IA', quantity: '5', unit: 'CA' } }],
    },
  ],
};

const cases: [string, Guide<unknown>, unknown][] = [
  ['an order', PURCHASE_ORDER as Guide<unknown>, order],
  ['its confirmation', PURCHASE_ORDER_ACKNOWLEDGMENT as Guide<unknown>, answer],
  ['its cancellation', PURCHASE_ORDER_CHANGE as Guide<unknown>, cancellation],
  ['the answer to that', PURCHASE_ORDER_CHANGE_ACKNOWLEDGMENT as Guide<unknown>, cancelled],
  ['a ship notice with packs and without', SHIP_NOTICE as Guide<unknown>, notice],
  ['an invoice', INVOICE as Guide<unknown>, invoice],
  ['a catalogue', PRICE_CATALOGUE as Guide<unknown>, catalogue],
  ['an inventory advice', INVENTORY_ADVICE as Guide<unknown>, advice],
];

describe.each(['004010', '005010'])('in %s', (version) => {
  test.each(cases)('%s is written and read back as the same', (_, table, value) => {
    const guide = inVersion(table, version);
    const [set] = setsOf(readX12(enveloped(guide.functionalId, version, [writeSet(guide, '0001', value)])));
    expect(guideOf(set!)).toBe(table);
    expect(readWhole(guide, set!)).toEqual(value);
  });
});

test('the items of a shipment are found in packs and beside them', () => {
  const items = itemsOf(notice.shipment.orders[0]!);
  expect(items.map(({ shipped }) => shipped?.line)).toEqual(['1', '2']);
});

test('an order that counts its lines wrong, and an invoice that sums up wrong, are named', () => {
  const counted = { ...order, totals: { totals: { lines: '3', hash: '16' } } };
  expect(checkShape(PURCHASE_ORDER, counted).map(({ message }) => message)).toEqual([
    'CTT-01 counts 3 lines, but 2 came',
    'CTT-02 sums up to 16, but the quantities are 15',
  ]);
  expect(checkShape(INVOICE, { ...invoice, total: { total: '91456' } }).map(({ message }) => message)).toEqual([
    'TDS-01 is 914.56, but lines, charges and taxes are 914.55',
  ]);
});
