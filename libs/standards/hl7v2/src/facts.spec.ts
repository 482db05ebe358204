import { readChargeFacts, readHl7 } from './index.js';

const lines = (...segments: string[]): string => segments.join('\r');

const CHARGES = lines(
  'MSH|^~\\&|CHG|LAKEVIEW|CONCORD||20240305||DFT^P03^DFT_P03|M-9|P|2.5.1',
  'PID|1||T-100^^^LAKEVIEW^MR||TESTPERSON^ADA||19600229|F||||||||||V-1',
  'FT1|1|TX-1||20240305233000-0600^20240306|20240306|CG|10071^Chest film^LOCAL|||2|100.00&USD|50&USD|RAD^Radiology^L' +
    '|||RAD-1^^^LAKEVIEW WEST||O|R07.9^Chest pain^I10~J01^Sinus^I10|7007^SAMPLE^ROSA||12.50&USD|||71045^Chest x-ray^C4|26~59|||0182-1061-05^ASPIRIN^NDC',
  'FT1|1|TX-2||20240305||CD|10071^Chest film^LOCAL|||-1',
);

describe('what a message says of charges', () => {
  it('is one fact for each transaction', () => {
    expect(readChargeFacts(readHl7(CHARGES, 'America/Chicago'))).toEqual([
      {
        sequence: 1,
        transactionId: 'TX-1',
        date: '2024-03-05',
        type: 'CG',
        code: { code: '10071', text: 'Chest film', system: 'LOCAL' },
        quantity: '2',
        amount: { amount: '100.00', currency: 'USD' },
        unitPrice: { amount: '50', currency: 'USD' },
        unitCost: { amount: '12.50', currency: 'USD' },
        department: { code: 'RAD', text: 'Radiology', system: 'L' },
        location: { pointOfCare: 'RAD-1', facility: 'LAKEVIEW WEST' },
        diagnoses: [
          { code: 'R07.9', text: 'Chest pain', system: 'I10' },
          { code: 'J01', text: 'Sinus', system: 'I10' },
        ],
        performedBy: '7007',
        procedure: { code: '71045', text: 'Chest x-ray', system: 'C4' },
        modifiers: ['26', '59'],
        ndc: { code: '0182-1061-05', text: 'ASPIRIN', system: 'NDC' },
      },
      expect.objectContaining({ sequence: 2, transactionId: 'TX-2', type: 'CD', quantity: '-1', diagnoses: [] }),
    ]);
  });

  it('points at the transaction that is wrong', () => {
    const broken = CHARGES.replace('||20240305||CD|10071^Chest film^LOCAL|||-1', '|||||^no code|||one');
    expect(() => readChargeFacts(readHl7(broken))).toThrow(
      expect.objectContaining({
        slug: 'malformed',
        errors: [
          expect.objectContaining({ pointer: 'FT1[2]-4', code: 'required' }),
          expect.objectContaining({ pointer: 'FT1[2]-6', code: 'required' }),
          expect.objectContaining({ pointer: 'FT1[2]-7', code: 'required' }),
          expect.objectContaining({ pointer: 'FT1[2]-10', code: 'format' }),
        ],
      }),
    );
  });

  it('cannot be nothing', () => {
    expect(() => readChargeFacts(readHl7(CHARGES.split('\rFT1')[0]!))).toThrow(
      'The message holds no financial transaction',
    );
  });
});
