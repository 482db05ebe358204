import { isUtf8 } from 'node:buffer';

import { malformed } from './fault.js';

/**
 * Bytes to text by MSH-18 (HL7 2.5.1 §2.15.9.18, table 0211), which is looked up in the bytes before anything is decoded.
 * Without a name, or with `ASCII`, the text is UTF-8 if the bytes are valid UTF-8 and Latin-1 if not.
 */
export interface DecodedHl7 {
  readonly text: string;
  /** The label an answer is written in: `utf-8`, `latin1`, or that of the WHATWG Encoding Standard. */
  readonly charset: string;
}

/** Names of table 0211, and the spellings seen instead of them, without their punctuation. `''` is a guess. */
const CHARSETS: Readonly<Record<string, string>> = {
  '': '',
  ASCII: '',
  USASCII: '',
  ISOIR6: '',
  UNICODEUTF8: 'utf-8',
  UTF8: 'utf-8',
  UNICODE: 'utf-8',
  '88591': 'latin1',
  '88592': 'iso-8859-2',
  '88593': 'iso-8859-3',
  '88594': 'iso-8859-4',
  '88595': 'iso-8859-5',
  '88596': 'iso-8859-6',
  '88597': 'iso-8859-7',
  '88598': 'iso-8859-8',
  '88599': 'iso-8859-9',
  '885915': 'iso-8859-15',
  WINDOWS1252: 'windows-1252',
  ISOIR14: 'shift_jis',
  ISOIR87: 'iso-2022-jp',
  GB180302000: 'gb18030',
  KSX1001: 'euc-kr',
  BIG5: 'big5',
};

/** Throws `malformed` at MSH-18 for a character set nobody knows, and for bytes that are not of the one it names. */
export function decodeHl7(bytes: Buffer): DecodedHl7 {
  const charset = charsetNamed(declaredCharset(bytes));
  if (charset === undefined)
    throw malformed('MSH-18', 'charset', 'MSH-18 names a character set that is not known here');
  if (charset === '') return { text: decodeUnlabelled(bytes), charset: isUtf8(bytes) ? 'utf-8' : 'latin1' };
  if (charset === 'latin1') return { text: latin1OrUtf8(bytes), charset };
  try {
    return { text: new TextDecoder(charset, { fatal: true }).decode(bytes), charset };
  } catch {
    throw malformed('MSH-18', 'format', 'The bytes are not of the character set that MSH-18 names');
  }
}

/** What an MSH-18 means: a label to decode by, `''` for a guess, `undefined` for a name that is not known. */
export const charsetNamed = (name: string): string | undefined =>
  CHARSETS[
    name
      .toUpperCase()
      .replace(/[^A-Z0-9]/g, '')
      .replace(/^ISO(?=8859)/, '')
  ];

/** Text to the bytes of an answer. Beyond UTF-8 and Latin-1 only ASCII is written, which all character sets share. */
export function encodeHl7(text: string, charset = 'utf-8'): Buffer {
  if (charset === 'utf-8') return Buffer.from(text, 'utf8');
  // eslint-disable-next-line no-control-regex
  return Buffer.from(text.replace(charset === 'latin1' ? /[^\x00-\xff]/gu : /[^\x00-\x7f]/gu, '?'), 'latin1');
}

/**
 * Declared as Latin-1, but bytes beyond ASCII that form UTF-8 throughout are UTF-8: no text in Latin-1 comes out like that, and
 * interface engines often forget to change MSH-18.
 */
const latin1OrUtf8 = (bytes: Buffer): string => (isUtf8(bytes) ? bytes.toString('utf8') : bytes.toString('latin1'));

/** Bytes of an unknown origin: UTF-8 if they can be, else Latin-1, which every byte can be. */
export function decodeUnlabelled(bytes: Buffer): string {
  return isUtf8(bytes) ? new TextDecoder().decode(bytes) : bytes.toString('latin1');
}

/** MSH-18 of the first MSH segment; of several character sets the first is the one the message begins in. */
function declaredCharset(bytes: Buffer): string {
  const header = /(?:^|[\r\n\xBF])MSH(.)([^\r\n]*)/.exec(bytes.toString('latin1', 0, HEADER_REACH));
  const [, separator = '|', fields = ''] = header ?? [];
  const repetition = fields.charAt(1);
  // MSH-1 is the separator itself, so that the first piece is MSH-2.
  const declared = fields.split(separator)[16] ?? '';
  return repetition === '' ? declared : (declared.split(repetition)[0] ?? '');
}

/** Batch headers may stand before the first MSH; nobody writes more than this of them. */
const HEADER_REACH = 8192;
