import { Problem } from '@concord/canonical';

const WORD = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,79}$/;
const MOST_WORDS = 2_000;

/** What stands in a metric for a label value that nobody declared. */
export const UNDECLARED = 'undeclared';

/**
 * The values a metric label may take, declared while the application starts: operations, connectors, workflows. What
 * comes from a request is never declared, so that neither PHI nor an endless number of series can enter the metrics.
 */
export class Vocabulary {
  private readonly words = new Set<string>();

  constructor(readonly name: string) {}

  /** Admits a word of at most 80 letters, digits and `._:/-`. A 2,001st word, or anything else, is `internal`. */
  declare(...words: readonly string[]): void {
    for (const word of words) {
      if (!WORD.test(word)) throw new Problem('internal', `The ${this.name} is not a word that a metric may carry`);
      this.words.add(word);
    }
    if (this.words.size > MOST_WORDS) throw new Problem('internal', `More than ${MOST_WORDS} words for ${this.name}`);
  }

  /** The value where it was declared, and `undeclared` where not. */
  admit(value: string): string {
    return this.words.has(value) ? value : UNDECLARED;
  }
}
