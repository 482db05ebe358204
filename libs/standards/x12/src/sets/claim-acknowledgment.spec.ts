import { enveloped } from '../fixture/envelopes.js';
import { CLAIM_ACKNOWLEDGMENT, type ClaimAcknowledgment, readWhole, readX12, setsOf, writeSet } from '../index.js';

const answered: ClaimAcknowledgment = {
  beginning: { structure: '0085', purpose: '08', reference: 'ACK-1', date: '20260301', time: '1000', type: 'TH' },
  sources: [
    {
      source: { name: { entity: 'AY', type: '2', name: 'TEST CLEARINGHOUSE', idQualifier: '46', id: 'CLEAR' } },
      trace: {
        trace: { number: 'T-1' },
        dates: [
          { qualifier: '050', format: 'D8', value: '20260301' },
          { qualifier: '009', format: 'D8', value: '20260301' },
        ],
      },
      receivers: [
        {
          receiver: { name: { type: '2', name: 'CONCORD TEST CLINICS', idQualifier: '46', id: 'CONCORD' } },
          status: {
            trace: { number: 'BATCH-1' },
            statuses: [
              { status: { category: 'A1', status: '19', entity: 'PR' }, date: '20260301', action: 'WQ', amount: '250' },
            ],
            quantities: [
              { qualifier: '90', quantity: '1' },
              { qualifier: 'AA', quantity: '1' },
            ],
            amounts: [
              { qualifier: 'YU', amount: '150' },
              { qualifier: 'YY', amount: '100' },
            ],
          },
          providers: [
            {
              provider: { name: { type: '2', name: 'CLINIC NORTH', idQualifier: 'XX', id: '1999999984' } },
              claims: [
                {
                  patient: {
                    name: { type: '1', name: 'TESTPATIENT', first: 'ALPHA', idQualifier: 'MI', id: 'TEST0001' },
                  },
                  claim: {
                    trace: { number: 'CLM-17' },
                    statuses: [
                      { status: { category: 'A2', status: '20' }, date: '20260301', action: 'WQ', amount: '150' },
                    ],
                    references: [{ qualifier: '1K', value: 'PAYER17' }],
                    dates: [{ qualifier: '472', format: 'D8', value: '20260228' }],
                  },
                },
                {
                  patient: { name: { type: '1', name: 'TESTPATIENT', first: 'BETA' } },
                  claim: {
                    trace: { number: 'CLM-18' },
                    statuses: [
                      {
                        status: { category: 'A7', status: '562', entity: '85' },
                        date: '20260301',
                        action: 'U',
                        amount: '100',
                      },
                    ],
                  },
                },
              ],
            },
          ],
        },
      ],
    },
  ],
};

test('a claim acknowledgment is written and read back as the same, claim by claim', () => {
  const x12 = enveloped('HN', '005010X214', [writeSet(CLAIM_ACKNOWLEDGMENT, '0001', answered)]);
  expect(x12.toString('latin1')).toContain(
    'HL*5*3*PT*0~NM1*QC*1*TESTPATIENT*BETA~TRN*2*CLM-18~STC*A7:562:85*20260301*U*100~',
  );
  expect(readWhole(CLAIM_ACKNOWLEDGMENT, setsOf(readX12(x12))[0]!)).toEqual(answered);
});
