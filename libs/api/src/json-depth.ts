import { Problem } from '@concord/canonical';

const MAX_DEPTH = 64;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** `[` and `{` differ in this bit only, and so do `]` and `}`. */
const BRACE = 0x20;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/**
 * Refuses a body that nests deeper than 64, by counting brackets in its bytes before anything recursive reads it.
 * A UTF-8 continuation byte never equals a bracket or a quote, so bytes are enough.
 */
export function refuseDeepJson(body: Buffer): void {
  const { length } = body;
  let depth = 0;
  for (let i = 0; i < length; i += 1) {
    const byte = body[i]!;
    if (byte === QUOTE) i = endOfString(body, i + 1);
    else if ((byte | BRACE) === OPEN) {
      depth += 1;
      if (depth > MAX_DEPTH) throw new Problem('malformed', `The body nests deeper than ${MAX_DEPTH} levels`);
    } else if ((byte | BRACE) === CLOSE) depth -= 1;
  }
}

function endOfString(body: Buffer, start: number): number {
  let i = start;
  while (i < body.length && body[i] !== QUOTE) i += body[i] === BACKSLASH ? 2 : 1;
  return i;
}
