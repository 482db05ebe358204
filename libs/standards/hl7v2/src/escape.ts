import { decodeUnlabelled } from './charset.js';
import { type Delimiters, STANDARD_DELIMITERS } from './delimiters.js';

/**
 * Escape sequences of HL7 2.5.1 §2.7: `\F\ \S\ \T\ \R\ \E\` stand for the delimiters, `\X0D\` for bytes, `\.br\` for a line
 * break. Highlighting (`\H\`, `\N\`) carries no meaning and is dropped; a sequence nobody defined stays as it came.
 */
export function unescape(text: string, delimiters: Delimiters): string {
  const mark = delimiters.escape;
  if (!text.includes(mark)) return text;
  let plain = '';
  let at = 0;
  while (at < text.length) {
    const opens = text.indexOf(mark, at);
    const closes = opens < 0 ? -1 : text.indexOf(mark, opens + 1);
    if (closes < 0) break;
    const meaning = meaningOf(text.slice(opens + 1, closes), delimiters);
    plain += text.slice(at, opens) + (meaning ?? mark);
    at = meaning === undefined ? opens + 1 : closes + 1;
  }
  return plain + text.slice(at);
}

function meaningOf(sequence: string, delimiters: Delimiters): string | undefined {
  switch (sequence) {
    case 'F':
      return delimiters.field;
    case 'S':
      return delimiters.component;
    case 'T':
      return delimiters.subcomponent;
    case 'R':
      return delimiters.repetition;
    case 'E':
      return delimiters.escape;
    case 'H':
    case 'N':
      return '';
    case '.br':
      return '\n';
  }
  return /^X(?:[0-9A-F]{2})+$/i.test(sequence) ? decodeUnlabelled(Buffer.from(sequence.slice(1), 'hex')) : undefined;
}

/** Any text as it may stand inside a field: delimiters and control characters become escape sequences. */
export function escape(text: string, delimiters: Delimiters = STANDARD_DELIMITERS): string {
  const mark = delimiters.escape;
  let escaped = '';
  for (const sign of text) {
    if (sign === mark) escaped += `${mark}E${mark}`;
    else if (sign === delimiters.field) escaped += `${mark}F${mark}`;
    else if (sign === delimiters.component) escaped += `${mark}S${mark}`;
    else if (sign === delimiters.subcomponent) escaped += `${mark}T${mark}`;
    else if (sign === delimiters.repetition) escaped += `${mark}R${mark}`;
    else if (sign < ' ') escaped += `${mark}X${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}${mark}`;
    else escaped += sign;
  }
  return escaped;
}
