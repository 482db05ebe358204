/** Where a page of a list starts; a token of another list is refused with `validation-failed`. */
import { CODE, pagePosition } from '@concord/canonical';

/** For a list in the order of a code. */
export const startOfCodes = (token: string | undefined): string | undefined =>
  pagePosition<string>(token, (position) => typeof position === 'string' && CODE.test(position));

/** For a list in the order of a document's sequence. */
export const startOfSequence = (token: string | undefined): number | undefined =>
  pagePosition<number>(token, Number.isSafeInteger);
