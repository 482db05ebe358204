import { Problem } from '@concord/canonical';

import { acknowledge, acknowledgeBatch, acknowledgementsOf, type Outcome, readHl7, refuse } from './index.js';

const stamp = { at: new Date('2024-03-05T19:30:01.500Z'), controlId: 'C1' };

const message = (version: string, type = 'DFT^P03^DFT_P03', tail = ''): string =>
  `MSH|^~\\&|HIS|Lakeview^1.2.3^ISO|Concord|Hub|20240305||${type}|M-7|T|${version}${tail}\rPID|||T-1||Testperson^Ada\r`;

describe('an acknowledgement', () => {
  it('goes back to the sender under its control id, in its version', () => {
    expect(acknowledge(readHl7(message('2.5.1')), 'AA', undefined, [], stamp)).toBe(
      'MSH|^~\\&|Concord|Hub|HIS|Lakeview^1.2.3^ISO|20240305193001+0000||ACK^P03^ACK|C1|T|2.5.1\rMSA|AA|M-7\r',
    );
  });

  it('names the trigger as exactly as the message did, and keeps its delimiters and character set', () => {
    const lab = message('2.3', 'ORU^R01', '||||||8859/1').replaceAll('|', '*');
    expect(acknowledge(lab, 'AA', undefined, [], stamp).split('\r')[0]).toBe(
      'MSH*^~\\&*Concord*Hub*HIS*Lakeview^1.2.3^ISO*20240305193001+0000**ACK^R01*C1*T*2.3******8859/1',
    );
    expect(readHl7(acknowledge(lab, 'AA')).segment('MSA')?.text(2)).toBe('M-7');
  });

  it('says where each fault is, in the form of the version of the sender', () => {
    const problem = new Problem('malformed', undefined, {
      errors: [
        { pointer: 'FT1[2]-4', code: 'required', detail: 'FT1[2]-4: the transaction date is missing' },
        { pointer: 'PV1-19.1', code: 'format', detail: 'a & b' },
      ],
    });
    expect(refuse(message('2.5.1'), problem, 'AE', stamp).split('\r').slice(1)).toEqual([
      'MSA|AE|M-7|The request cannot be read',
      'ERR||FT1^2^4|101^Required field missing^HL70357|E||||FT1[2]-4: the transaction date is missing',
      'ERR||PV1^1^19^1^1|102^Data type error^HL70357|E||||a \\T\\ b',
      '',
    ]);
    expect(refuse(message('2.3.1'), problem, 'AE', stamp).split('\r')[2]).toBe(
      'ERR|FT1^2^4^101&Required field missing&HL70357',
    );
  });

  it('of a failure of ours gives its title and keeps the rest', () => {
    const problem = new Problem('upstream-unavailable', 'Testperson, Ada could not be stored');
    const answer = refuse(message('2.5.1'), problem, 'AE', stamp);
    expect(answer).not.toContain('Testperson');
    expect(answer.split('\r').slice(1, 3)).toEqual([
      'MSA|AE|M-7|The system behind does not answer',
      'ERR|||207^Application internal error^HL70357|E||||The system behind does not answer',
    ]);
  });

  it('is given even to what cannot be read, as far as its MSH can be told', () => {
    const problem = new Problem('malformed');
    expect(refuse('\v\nMSH|^~\\&|HIS|Lakeview||||x\u0007x', problem, 'AR', stamp).split('\r')[0]).toBe(
      'MSH|^~\\&|||HIS|Lakeview|20240305193001+0000||ACK|C1|P|2.5.1',
    );
    expect(refuse('GET / HTTP/1.1', problem, 'AR', stamp).split('\r').slice(0, 2)).toEqual([
      'MSH|^~\\&|||||20240305193001+0000||ACK|C1|P|2.5.1',
      'MSA|AR||The request cannot be read',
    ]);
    expect(readHl7(refuse('', problem)).header.type).toBe('ACK');
  });
});

describe('the acknowledgements that a sender asks for', () => {
  it.each<[string, Outcome, string[]]>([
    ['||', 'AA', ['AA']],
    ['||', 'AR', ['AR']],
    ['|AL|NE', 'AA', ['CA']],
    ['|AL|NE', 'AE', ['CE']],
    ['|AL|AL', 'AA', ['CA', 'AA']],
    ['|ER|SU', 'AA', ['AA']],
    ['|ER|SU', 'AR', ['CR']],
    ['|SU|ER', 'AE', ['AE']],
    ['||AL', 'AA', ['AA']],
    ['|NE|NE', 'AE', []],
    ['|XX|', 'AA', ['AA']],
  ])('in MSH-15 and MSH-16 by "%s" are, of %s, %j', (wishes, outcome, codes) => {
    const { header } = readHl7(message('2.5.1', 'DFT^P03^DFT_P03', `||${wishes}`));
    expect(acknowledgementsOf(header, outcome)).toEqual(codes);
  });
});

describe('the acknowledgement of a batch', () => {
  it('names the batch, holds each answer, and says what is wrong with the counts', () => {
    const header = 'FHS|^~\\&|HIS|Lakeview|Concord|Hub|20240305||||B-9';
    const faults = [{ pointer: 'BTS-1', code: 'structure', detail: 'BTS-1 counts 3 messages, and 2 were found' }];
    const [bhs, ...rest] = acknowledgeBatch(header, ['MSH|1\r', 'MSH|2\r'], faults, stamp).split('\r');
    expect(bhs).toBe('BHS|^~\\&|Concord|Hub|HIS|Lakeview|20240305193001+0000||||C1|B-9');
    expect(rest).toEqual(['MSH|1', 'MSH|2', 'BTS|2|BTS-1 counts 3 messages, and 2 were found', '']);
  });
});
