import { professionalClaim, professionalClaims } from '../fixture/claims.js';
import { enveloped } from '../fixture/envelopes.js';
import {
  acknowledgmentOf,
  checkShape,
  GuideRefusal,
  IMPLEMENTATION_ACKNOWLEDGMENT,
  PROFESSIONAL_CLAIM,
  readSet,
  readWhole,
  readX12,
  setsOf,
  writeSet,
} from '../index.js';

const sent = (text: (x12: string) => string = (x12) => x12) => {
  const set = writeSet(PROFESSIONAL_CLAIM, '0001', professionalClaims(professionalClaim()));
  const x12 = enveloped('HC', '005010X222A1', [set]).toString('latin1');
  const file = readX12(Buffer.from(text(x12), 'latin1'), { strictness: 'lenient' });
  return { x12, file, set: setsOf(file)[0]! };
};

const messages = (text: (x12: string) => string) =>
  readSet(PROFESSIONAL_CLAIM, sent(text).set).findings.map(({ level, message }) => `${level} ${message}`);

test('a professional claim is written as its guide asks, and read back as the same', () => {
  const { x12, set } = sent();
  expect(x12.split('~').slice(2)).toEqual([
    'ST*837*0001*005010X222A1',
    'BHT*0019*00*BATCH-1*20260301*0900*CH',
    'NM1*41*2*CONCORD TEST CLINICS*****46*CONCORD',
    'PER*IC*BILLING*TE*5550100200',
    'NM1*40*2*TEST CLEARINGHOUSE*****46*CLEAR',
    'HL*1**20*1',
    'NM1*85*2*CLINIC NORTH*****XX*1999999984',
    'N3*1 TEST STREET',
    'N4*SPRINGFIELD*IL*627010000',
    'REF*EI*990000001',
    'HL*2*1*22*0',
    'SBR*P*18*******CI',
    'NM1*IL*1*TESTPATIENT*ALPHA****MI*TEST0001',
    'N3*2 TEST STREET',
    'N4*SPRINGFIELD*IL*62701',
    'DMG*D8*19800101*F',
    'NM1*PR*2*TEST HEALTH PLAN*****PI*PLAN-1',
    'CLM*CLM-17*150.00***11:B:1*Y*A*Y*Y',
    'HI*ABK:J069*ABF:R05',
    'LX*1',
    'SV1*HC:99213:25*120.00*UN*1***1:2',
    'DTP*472*D8*20260228',
    'LX*2',
    'SV1*HC:87880*30*UN*1***1',
    'DTP*472*D8*20260228',
    'SE*26*0001',
    'GE*1*1',
    'IEA*1*000000001',
    '',
  ]);
  expect(readWhole(PROFESSIONAL_CLAIM, set)).toEqual(professionalClaims(professionalClaim()));
});

test.each([
  [
    'a line without its charge',
    ['SV1*HC:87880*30*', 'SV1*HC:87880**'],
    '2 Claim CLM-17, service line 2: SV1-02 charge is missing',
  ],
  ['a date that is none', ['19800101', '19801301'], '1 DMG-02 birth date is not a date'],
  [
    'a place qualifier that is not of the guide',
    ['11:B:1', '11:X:1'],
    '2 Claim CLM-17: CLM-05-2 qualifier is not a code that may stand here',
  ],
  ['a claim without diagnoses', ['HI*ABK:J069*ABF:R05~', ''], '2 Claim CLM-17: HI health care codes is missing'],
  ['a second billing address', ['N3*1 TEST STREET~', 'N3*1 TEST STREET~N3*AGAIN~'], '2 street comes more than once'],
  [
    'a city before its street',
    ['N3*1 TEST STREET~N4*SPRINGFIELD*IL*627010000~', 'N4*SPRINGFIELD*IL*627010000~N3*1 TEST STREET~'],
    '2 N3 street stands behind what it must come before',
  ],
  [
    'a subscriber below a provider that is not there',
    ['HL*2*1*22', 'HL*2*3*22'],
    '2 HL-02 names another loop than the one it stands in',
  ],
  ['a segment of no guide', ['LX*1~', 'LX*1~#1*A~'], '1 Claim CLM-17, service line 1: a segment may not stand here'],
  [
    'charges that do not add up',
    ['*120.00*', '*119.99*'],
    '3 Claim CLM-17: CLM-02 total charge 150.00 is not the sum of its service lines (SV1-02), 149.99',
  ],
  [
    'a line for a diagnosis that is not there',
    ['***1~', '***3~'],
    '3 Claim CLM-17, service line 2: SV1-07 points at diagnosis 3, but the claim has 2',
  ],
])('%s is told to the biller', (_, [from, to], message) => {
  expect(messages((x12) => x12.replace(from!, to!))).toContain(message);
});

test('a claim that does not follow its guide is not written', () => {
  const wrong = professionalClaims(professionalClaim({ codes: [] }));
  expect(() => writeSet(PROFESSIONAL_CLAIM, '0001', wrong)).toThrow(GuideRefusal);
  expect(checkShape(PROFESSIONAL_CLAIM, wrong)).toMatchObject([
    { code: 'segment-missing', segmentName: 'HI', loop: '2300' },
  ]);
});

test('a 999 says where a claim is wrong, and is a message of its own guide', () => {
  const { set, file } = sent((x12) => x12.replace('SV1*HC:87880*30*', 'SV1*HC:87880**'));
  const { findings } = readSet(PROFESSIONAL_CLAIM, set);
  const answer = acknowledgmentOf(file.interchanges[0]!.groups[0]!, [{ set, findings }]);
  const x12 = enveloped('FA', '005010X231A1', [writeSet(IMPLEMENTATION_ACKNOWLEDGMENT, '0001', answer)]);
  expect(x12.toString('latin1').split('~').slice(2, 10)).toEqual([
    'ST*999*0001*005010X231A1',
    'AK1*HC*1*005010X222A1',
    'AK2*837*0001*005010X222A1',
    'IK3*SV1*24*2400*8',
    'IK4*2**1',
    'IK5*R*5',
    'AK9*R*1*1*0',
    'SE*8*0001',
  ]);
  expect(readWhole(IMPLEMENTATION_ACKNOWLEDGMENT, setsOf(readX12(x12))[0]!)).toEqual(answer);
});
