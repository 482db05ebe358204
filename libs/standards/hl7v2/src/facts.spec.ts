import { Problem } from '@concord/canonical';

import { readChargeFacts, readEncounterFacts, readHl7 } from './index.js';

const lines = (...segments: string[]): string => segments.join('\r');

const DISCHARGE = lines(
  'MSH|^~\\&|ADT1|LAKEVIEW|CONCORD||20240308101500||ADT^A03^ADT_A03|M-3|P|2.5.1',
  'EVN|A03|20240308101500|||REG|20240308100000',
  'PID|1||T-100^^^LAKEVIEW^MR~999-00-1111^^^USSSA^SS||TESTPERSON&VAN^ADA^M||19600229|F||||||||||ACC-9',
  'PV1|1|I|4E^401^B^LAKEVIEW WEST||||7007^SAMPLE^ROSA||||||||||||V-1' +
    '|'.repeat(25) +
    '202403051430|20240308100000-0600',
  'DG1|1|I10|K35.80^Acute appendicitis^I10||20240305|A',
  'DG1|2|I9|540.9^Appendicitis||20240305|F',
  'DG1|3|||free text only',
  'PR1|1||0DTJ4ZZ^Appendectomy^ICD10PCS||202403052000',
  'IN1|1|HMO^Health plan^LOCAL|P-77^^^PAYERS^NIIP|TEST INSURANCE CO' + '|'.repeat(32) + 'POL-1',
);

const CHARGES = lines(
  'MSH|^~\\&|CHG|LAKEVIEW|CONCORD||20240305||DFT^P03^DFT_P03|M-9|P|2.5.1',
  'PID|1||T-100^^^LAKEVIEW^MR||TESTPERSON^ADA||19600229|F||||||||||V-1',
  'FT1|1|TX-1||20240305233000-0600^20240306|20240306|CG|10071^Chest film^LOCAL|||2|100.00&USD|50&USD|RAD^Radiology^L' +
    '|||RAD-1^^^LAKEVIEW WEST||O|R07.9^Chest pain^I10~J01^Sinus^I10|7007^SAMPLE^ROSA||12.50&USD|||71045^Chest x-ray^C4|26~59|||0182-1061-05^ASPIRIN^NDC',
  'FT1|1|TX-2||20240305||CD|10071^Chest film^LOCAL|||-1',
);

describe('what a message says of a visit', () => {
  it('is read in words, with times in UTC', () => {
    expect(readEncounterFacts(readHl7(DISCHARGE, 'America/Chicago'))).toEqual({
      event: 'A03',
      occurred: '2024-03-08T16:00:00.000Z',
      visitNumber: 'V-1',
      patientClass: 'I',
      facility: 'LAKEVIEW WEST',
      admitted: '2024-03-05T20:30:00.000Z',
      discharged: '2024-03-08T16:00:00.000Z',
      attending: '7007',
      diagnoses: [
        { code: 'K35.80', text: 'Acute appendicitis', system: 'I10', type: 'A' },
        { code: '540.9', text: 'Appendicitis', system: 'I9', type: 'F' },
      ],
      procedures: [
        { code: '0DTJ4ZZ', text: 'Appendectomy', system: 'ICD10PCS', performed: '2024-03-06T02:00:00.000Z' },
      ],
      insurance: [
        {
          plan: { code: 'HMO', text: 'Health plan', system: 'LOCAL' },
          company: { id: 'P-77', authority: 'PAYERS', type: 'NIIP' },
          companyName: 'TEST INSURANCE CO',
          policyNumber: 'POL-1',
        },
      ],
      patient: {
        identifiers: [
          { id: 'T-100', authority: 'LAKEVIEW', type: 'MR' },
          { id: '999-00-1111', authority: 'USSSA', type: 'SS' },
        ],
        familyName: 'TESTPERSON',
        givenName: 'ADA',
        birthDate: '1960-02-29',
        sex: 'F',
      },
    });
  });

  it('takes the account number for the visit, and the sender for the facility, where there is no better', () => {
    const facts = readEncounterFacts(readHl7(CHARGES));
    expect([facts.visitNumber, facts.facility, facts.diagnoses]).toEqual(['V-1', 'LAKEVIEW', []]);
  });

  it('is refused with all its faults at once, and without a value', () => {
    const broken = DISCHARGE.replace('V-1', '')
      .replace('ACC-9', '')
      .replace('202403051430', 'TESTPERSON')
      .replace(/T-100.*SS/, '');
    try {
      readEncounterFacts(readHl7(broken));
    } catch (error) {
      const { errors } = error as Problem;
      expect(errors?.map(({ pointer, code }) => [pointer, code])).toEqual([
        ['PV1-19', 'required'],
        ['PV1-44', 'format'],
        ['PID-3', 'required'],
      ]);
      expect(JSON.stringify(errors)).not.toContain('TESTPERSON');
    }
    expect.assertions(2);
  });
});

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
    expect(() => readChargeFacts(readHl7(DISCHARGE))).toThrow('The message holds no financial transaction');
  });
});
