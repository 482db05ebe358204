/**
 * Words of ours in a text field of Tryton, which has no fields for them: one a line, `Cost center: CC-ICU`, so that people
 * can read and keep them. What else stands in the field stays.
 */
const LINE = /^(?<word>[A-Z][A-Za-z ]{1,40}): (?<said>.+)$/;

/** What each word says; a word that is said twice counts as it is said last. */
export function wordsIn(note: string | null): ReadonlyMap<string, string> {
  const lines = (note ?? '').split('\n').flatMap((line) => {
    const { word, said } = LINE.exec(line.trim())?.groups ?? {};
    return word === undefined || said === undefined ? [] : [[word, said.trim()] as const];
  });
  return new Map(lines);
}

/** The note with words said anew; what is undefined is not said any more. */
export function noteWith(note: string | null, words: Readonly<Record<string, string | undefined>>): string {
  const others = (note ?? '').split('\n').filter((line) => {
    const word = LINE.exec(line.trim())?.groups?.['word'];
    return line.trim() !== '' && !(word !== undefined && Object.hasOwn(words, word));
  });
  const said = Object.entries(words).flatMap(([word, value]) =>
    value === undefined || value.trim() === '' ? [] : [`${word}: ${value.replace(/\s+/g, ' ').trim()}`],
  );
  return [...others, ...said].join('\n');
}
