import { Problem } from '@concord/canonical';

import { decodeHl7, encodeHl7 } from './index.js';

const text = (charset: string, name = 'Müller'): string =>
  `MSH|^~\\&|A|B|C|D|||ADT^A08|1|P|2.5.1||||||${charset}\rPID|||1||${name}\r`;

describe('the character set of a message', () => {
  it.each([
    ['UNICODE UTF-8', 'utf8', 'utf-8'],
    ['8859/1', 'latin1', 'latin1'],
    ['ISO-8859-1', 'latin1', 'latin1'],
    ['', 'utf8', 'utf-8'],
    ['', 'latin1', 'latin1'],
    ['ASCII', 'latin1', 'latin1'],
    ['UNICODE UTF-8~8859/1', 'utf8', 'utf-8'],
  ] as const)('named "%s" is read from %s bytes', (declared, written, charset) => {
    expect(decodeHl7(Buffer.from(text(declared), written))).toEqual({ text: text(declared), charset });
  });

  it('may be any of table 0211 that Unicode holds', () => {
    const bytes = Buffer.from(text('8859/2').replace('ü', '\xb3'), 'latin1');
    expect(decodeHl7(bytes).text).toBe(text('8859/2', 'Młller'));
    const kanji = Buffer.from(text('ISO IR87', '\x1b$B;3ED\x1b(B'), 'latin1');
    expect(decodeHl7(kanji).text).toBe(text('ISO IR87', '山田'));
  });

  it('is looked up behind a byte order mark, a batch header and other delimiters', () => {
    const bom = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text('UNICODE UTF-8'))]);
    expect(decodeHl7(bom).text).toBe(text('UNICODE UTF-8'));
    const batch = Buffer.from(`BHS|^~\\&|A\r${text('8859/1')}`, 'latin1');
    expect(decodeHl7(batch).charset).toBe('latin1');
    const starred = Buffer.from(text('8859/1').replaceAll('|', '*'), 'latin1');
    expect(decodeHl7(starred).charset).toBe('latin1');
  });

  it.each([
    ['is not known', Buffer.from(text('KLINGON')), 'charset'],
    ['is not what the bytes are', Buffer.from(text('UNICODE UTF-8'), 'latin1'), 'format'],
  ])('that %s is refused at MSH-18', (_, bytes, code) => {
    try {
      decodeHl7(bytes);
    } catch (error) {
      expect((error as Problem).slug).toBe('malformed');
      expect((error as Problem).errors).toMatchObject([{ pointer: 'MSH-18', code }]);
    }
    expect.assertions(2);
  });

  it('is kept in an answer where it can be written, and falls back to ASCII where not', () => {
    expect(encodeHl7('Müller', 'latin1')).toEqual(Buffer.from('Müller', 'latin1'));
    expect(encodeHl7('Müller 山', 'latin1').toString('latin1')).toBe('Müller ?');
    expect(encodeHl7('Müller', 'iso-8859-2').toString()).toBe('M?ller');
  });
});
