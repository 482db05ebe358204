import { enveloped } from '../fixture/envelopes.js';
import { remittance } from '../fixture/remittances.js';
import {
  checkShape,
  type ClaimPayment,
  readWhole,
  readX12,
  REMITTANCE,
  type Remittance,
  setsOf,
  writeSet,
} from '../index.js';

const written = (value: Remittance) => enveloped('HP', '005010X221A1', [writeSet(REMITTANCE, '0001', value)]);

test('a payment for two claims with something withheld is written and read back as the same', () => {
  const value = remittance(2, 25);
  expect(readWhole(REMITTANCE, setsOf(readX12(written(value)))[0]!)).toEqual(value);
  const x12 = written(value).toString('latin1');
  expect(x12).toContain('BPR*I*175*C*ACH*CCP***********20260305~');
  expect(x12).toContain('SVC*HC:87880*30*20**1~DTM*472*20260228~CAS*CO*45*7.5**253*2.5~LQ*HE*N130~');
  expect(x12).toContain('PLB*1999999984*20261231*WO:CLM-9*25~');
});

const claim = (change: Partial<ClaimPayment['claim']>): Remittance => {
  const value = remittance();
  const [first] = value.headers![0]!.claims!;
  return {
    ...value,
    headers: [{ line: { number: '1' }, claims: [{ ...first!, claim: { ...first!.claim, ...change } }] }],
  };
};

test.each([
  [
    'whose claims are another sum',
    { ...remittance(), payment: { ...remittance().payment, amount: '99.99' } },
    'BPR-02 pays 99.99, but claims less provider adjustments are 100.00',
  ],
  [
    'with a claim whose adjustments do not explain it',
    claim({ charge: '151' }),
    'Claim CLM-1: CLP-04 pays 100.00, but charge less adjustments is 101.00',
  ],
])('a payment %s is not to be posted', (_, value, message) => {
  expect(checkShape(REMITTANCE, value).map((finding) => finding.message)).toEqual([message]);
});

test('a line whose adjustments do not explain what was paid is named', () => {
  const value = remittance();
  value.headers![0]!.claims![0]!.lines![1]!.service.paid = '19';
  expect(checkShape(REMITTANCE, value)).toMatchObject([
    {
      level: 3,
      code: 'balance',
      message: 'Claim CLM-1, service line 2: SVC-03 pays 19.00, but charge less adjustments is 20.00',
      segmentName: 'SVC',
    },
  ]);
});
