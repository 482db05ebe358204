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
    expect(readBatch(message)).toEqual({ messages: [`${ADMISSION.join('\r')}\r`], claimed: undefined });
  });

  it('keeps lines that belong to no message, to be refused and not lost', () => {
    const { messages } = readBatch(`BHS|^~\\&|A\rPID|1\r${message}`);
    expect(messages).toHaveLength(2);
    expect(faultsOf(() => readHl7(messages[0] ?? ''))).toEqual(['MSH']);
  });
});
