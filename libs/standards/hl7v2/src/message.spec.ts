import { Problem } from '@concord/canonical';
import fc from 'fast-check';

import { type Hl7Value, readBatch, readHl7, writeMessage, writeSegment } from './index.js';

const ADMISSION = [
  'MSH|^~\\&|ADT1|Lakeview|Concord||20240305143000-0500||ADT^A01^ADT_A01|MSG1|P|2.5.1',
  'EVN|A01|20240305143000-0500',
  'PID|1||T-100^^^Lakeview^MR~999-00-1111^^^USSSA^SS||Testperson&von^Ada^M||19600229|F',
  'PV1|1|I|4E^401^B^Lakeview||||7007^Sample^Rosa|||||||||||V-1',
];

const faultsOf = (act: () => unknown): string[] => {
  try {
    act();
  } catch (error) {
    if (error instanceof Problem && error.slug === 'malformed')
      return (error.errors ?? []).map((fault) => fault.pointer);
    throw error;
  }
  return [];
};

describe('reading an HL7 v2 message', () => {
  it.each([
    ['CR', '\r'],
    ['LF', '\n'],
    ['CR LF', '\r\n'],
  ])('accepts lines that end in %s and writes them with CR', (_, end) => {
    expect(readHl7(ADMISSION.join(end) + end).toString()).toBe(`${ADMISSION.join('\r')}\r`);
  });

  it('tells who sent what, when, under which number', () => {
    expect(readHl7(ADMISSION.join('\r')).header).toEqual({
      sendingApplication: 'ADT1',
      sendingFacility: 'Lakeview',
      receivingApplication: 'Concord',
      receivingFacility: undefined,
      sentAt: '2024-03-05T19:30:00.000Z',
      type: 'ADT',
      trigger: 'A01',
      structure: 'ADT_A01',
      controlId: 'MSG1',
      processingId: 'P',
      version: '2.5.1',
    });
  });

  it('counts fields, components and subcomponents as the standard does', () => {
    const message = readHl7(ADMISSION.join('\r'));
    const pid = message.segment('PID');
    expect(message.segment('MSH')?.text(1)).toBe('|');
    expect(message.segment('MSH')?.text(3)).toBe('ADT1');
    expect(pid?.text(5)).toBe('Testperson');
    expect(pid?.text(5, 1, 2)).toBe('von');
    expect(pid?.text(5, 2)).toBe('Ada');
    expect(pid?.repetitions(3).map((id) => id.text(5))).toEqual(['MR', 'SS']);
    expect(pid?.text(99)).toBeUndefined();
    expect(pid?.repetitions(99)).toEqual([]);
  });

  it('takes an empty field, the deletion mark and blanks alike for nothing', () => {
    const message = readHl7('MSH|^~\\&|||||||ADT^A08|1|P|2.5\rPID|||""^^^""||  ||');
    expect(message.segment('PID')?.text(3)).toBeUndefined();
    expect(message.segment('PID')?.text(5)).toBeUndefined();
    expect(message.segment('PID')?.repetitions(3)).toEqual([]);
  });

  it('reads a message with delimiters of its own', () => {
    const message = readHl7('MSH*:+/%*Lab*Lakeview*****ADT:A08*1*P*2.3\rPID***T:::H+U\rNTE**x/S/y%z');
    expect(message.header.trigger).toBe('A08');
    expect(message.segment('PID')?.repetitions(3)).toHaveLength(2);
    expect(message.segment('NTE')?.text(2)).toBe('x:y');
    expect(message.segment('NTE')?.text(2, 1, 2)).toBe('z');
  });

  it('understands escape sequences and leaves those nobody defined', () => {
    const note = readHl7(
      'MSH|^~\\&|||||||MDM^T02|1|P|2.5\rNTE||a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f\\.br\\g\\X0D0A\\h\\H\\i\\N\\j\\Zx\\k\\l',
    );
    expect(note.segment('NTE')?.text(2)).toBe('a|b^c&d~e\\f\ng\r\nhij\\Zx\\k\\l');
  });

  it.each([
    ['no MSH', 'PID|1', ['MSH']],
    ['nothing', '', ['MSH']],
    ['delimiters that are not five', 'MSH|^~\\|ADT1', ['MSH-2']],
    ['no type', 'MSH|^~\\&|A||||||  |1|P|2.5', ['MSH-9']],
    ['no type and no control id', 'MSH|^~\\&|A', ['MSH-9', 'MSH-10']],
    ['a second message inside', `${ADMISSION.join('\r')}|broken off\v${ADMISSION.join('\r')}`, ['MSH[2]']],
  ])('points at the fault of a text with %s', (_, text, pointers) => {
    expect(faultsOf(() => readHl7(text))).toEqual(pointers);
  });

  it('never repeats a value of the message in a fault', () => {
    try {
      readHl7('PID|||T-100||Testperson^Ada');
    } catch (error) {
      expect(JSON.stringify((error as Problem).toBody())).not.toMatch(/Testperson|T-100/);
    }
    expect.assertions(1);
  });

  it('reads back exactly what was written, whatever the texts hold', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).map((value) => `x${value}x`);
    const component = fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 3 }));
    const repetition = fc.array(component, { minLength: 1, maxLength: 3 });
    const field = fc.array(repetition, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(field, { minLength: 1, maxLength: 6 }), (fields) => {
        const written = writeMessage([
          writeSegment('MSH', ['A', 'B', 'C', 'D', '', '', ['ADT', 'A08'], '1', 'P', '2.5.1']),
          writeSegment(
            'ZZZ',
            fields.map((repetitions): Hl7Value => ({ repetitions })),
          ),
        ]);
        const message = readHl7(written);
        const zzz = message.segment('ZZZ');
        expect(message.toString()).toBe(written);
        fields.forEach((repetitions, f) => {
          expect(zzz?.repetitions(f + 1)).toHaveLength(repetitions.length);
          repetitions.forEach((components, r) =>
            components.forEach((subcomponents, c) =>
              [subcomponents].flat().forEach((value, s) => {
                expect(zzz?.repetitions(f + 1)[r]?.text(c + 1, s + 1)).toBe(value);
              }),
            ),
          );
        });
      }),
    );
  });
});

describe('a batch', () => {
  const [message = ''] = [ADMISSION.join('\n')];

  it('is taken apart into messages that are read one by one', () => {
    const batch = readBatch(`FHS|^~\\&|A\nBHS|^~\\&|A\n${message}\n${message}\nBTS|2\nFTS|1\n`);
    expect(batch.claimed).toBe(2);
    expect(batch.messages.map((text) => readHl7(text).header.controlId)).toEqual(['MSG1', 'MSG1']);
  });

  it('of one is a lone message', () => {
    expect(readBatch(message)).toEqual({ messages: [`${ADMISSION.join('\r')}\r`], faults: [] });
  });

  it.each([
    ['counts wrong', 'BHS|^~\\&|A\rM\rM\rBTS|3\r', ['BTS-1: BTS-1 counts 3 messages, and 2 were found']],
    [
      'counts batches wrong',
      'FHS|^~\\&|A\rBHS|^~\\&\rM\rBTS|1\rFTS|2\r',
      ['FTS-1: FTS-1 counts 2 batches, and 1 were found'],
    ],
    [
      'is cut off',
      'FHS|^~\\&|A\rBHS|^~\\&\rM\r',
      [
        'FTS: The FHS envelope is not closed: it may be cut off',
        'BTS: The BHS envelope is not closed: it may be cut off',
      ],
    ],
    [
      'is nested in another',
      'BHS|^~\\&\rM\rBHS|^~\\&\rM\rBTS|1\rBTS|0\r',
      ['BHS: A BHS envelope begins inside another'],
    ],
    ['ends twice', 'BHS|^~\\&\rM\rBTS|1\rBTS\r', ['BTS: BTS closes an envelope that was not opened']],
    ['is right', 'FHS|^~\\&|A\rBHS|^~\\&\rM\rBTS|1\rBHS|^~\\&\rM\rM\rBTS|2\rFTS|2\r', []],
  ])('that %s says so, and its messages are whole', (_, text, said) => {
    const whole = `${ADMISSION.join('\r')}\r`;
    const { messages, faults } = readBatch(text.replaceAll('M\r', whole));
    expect(faults.map(({ pointer, detail }) => `${pointer}: ${detail}`)).toEqual(said);
    for (const one of messages) expect(readHl7(one).toString()).toBe(whole);
  });

  it('keeps lines that belong to no message, to be refused and not lost', () => {
    const { messages } = readBatch(`BHS|^~\\&|A\rPID|1\r${message}`);
    expect(messages).toHaveLength(2);
    expect(faultsOf(() => readHl7(messages[0] ?? ''))).toEqual(['MSH']);
  });
});

describe('what a sender says of a value', () => {
  const pid = readHl7(`${ADMISSION[0]}\rPID|1||T-100|""|Testperson^""||""|F|^""\rZPI|1|own^words`).segment('PID')!;

  it('is the value, that it is to be deleted, or nothing', () => {
    expect([pid.said(8), pid.said(7), pid.said(11)]).toEqual(['F', null, undefined]);
    expect([pid.said(5, 1), pid.said(5, 2), pid.said(5, 3)]).toEqual(['Testperson', null, undefined]);
    expect(pid.said(4, 3)).toBeNull();
  });

  it('is lost where nobody asks for it', () => {
    const message = readHl7(`${ADMISSION.join('\r')}\rZPI|1||own^words`);
    const [pv1, zpi] = [message.segment('PV1')!, message.segment('ZPI')!];
    pv1.text(2);
    pv1.repetitions(3);
    expect([pv1.unread(), zpi.unread()]).toEqual([
      [1, 7, 18],
      [1, 3],
    ]);
  });
});

describe('a message that was written', () => {
  const sign = fc.constantFrom('|', '^', '~', '\\', '&', 'é', 'Ω', ' ', 'a', '1', '\t', '"', '.', 'E');
  const word = fc.array(sign, { maxLength: 8 }).map((signs) => signs.join(''));
  const segment = fc.tuple(fc.constantFrom('PID', 'PV1', 'ZZ1', 'OBX'), fc.array(word, { maxLength: 6 }));

  it('is read as it was, and written again as it was', () => {
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 6 }), (segments) => {
        const text = writeMessage([ADMISSION[0]!, ...segments.map(([name, fields]) => writeSegment(name, fields))]);
        const read = readHl7(text);
        expect(read.toString()).toBe(text);
        expect(readHl7(read.toString()).toString()).toBe(text);
        read.body.forEach((one, i) => {
          segments[i]![1].forEach((value, at) => {
            const said = value === '""' ? undefined : value.trimEnd() || undefined;
            expect(one.text(at + 1)).toBe(said);
          });
        });
      }),
    );
  });
});
