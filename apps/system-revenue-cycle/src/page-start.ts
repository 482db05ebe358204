/** Where a page of a list starts. A token that was not ours is a validation fault, never a question to the database. */
import { CODE, pagePosition, Problem } from '@concord/canonical';

/** For a list in the order of a code. */
export function startOfCodes(token: string | undefined): string | undefined {
  const position = pagePosition<unknown>(token);
  return position === undefined || (typeof position === 'string' && CODE.test(position)) ? position : refuse();
}

/** For a list in the order of a document's sequence. */
export function startOfSequence(token: string | undefined): number | undefined {
  const position = pagePosition<unknown>(token);
  return position === undefined || (typeof position === 'number' && Number.isSafeInteger(position))
    ? position
    : refuse();
}

function refuse(): never {
  const detail = 'is not a page token of this list';
  throw new Problem('validation-failed', `page_token ${detail}`, {
    errors: [{ pointer: '/query/page_token', code: 'page-token', detail }],
  });
}
