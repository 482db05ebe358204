/** How the fields of a canonical shape are told by the platform: one line each, both ways, as pure functions. */
import { CODE, Problem } from '@concord/canonical';

export interface Field {
  readonly foreign: string;
  /** @param entry where it stands, for what is told beside it */
  readonly read: (value: never, entry: Foreign) => unknown;
  readonly write: (value: never) => unknown;
}

/** By the canonical name; what is nested is named with a dot, since the platform is flat. */
export type Fields = Readonly<Record<string, Field>>;
export type Foreign = Record<string, unknown>;

const same = (value: never): unknown => value;

export const told = (foreign: string): Field => ({ foreign, read: same, write: same });

/** `YYYYMMDD` there, ISO 8601 here. */
export const dated = (foreign: string): Field => ({
  foreign,
  read: (value: string) => `${value.slice(0, 4)}-${value.slice(4, 6)}-${value.slice(6, 8)}`,
  write: (value: string) => value.replaceAll('-', ''),
});

/**
 * A code of theirs for each word of ours. What has none on the other side is refused by name: it would be dropped in
 * silence otherwise, and a worker without a status is nobody.
 * @param codes their code by our word
 */
export const coded = (foreign: string, codes: Readonly<Record<string, string>>): Field => {
  const words = new Map(Object.entries(codes).map(([word, theirs]) => [theirs, word]));
  return {
    foreign,
    read: (value: string) => {
      const word = words.get(value);
      if (word !== undefined) return word;
      throw new Problem('upstream-rejected', 'The platform uses a code that no word of ours stands for', {
        context: { member: foreign, code: shown(value) },
      });
    },
    write: (word: string) => {
      if (Object.hasOwn(codes, word)) return codes[word];
      throw new Problem('unknown-code', 'The platform has no code for this', {
        context: { member: foreign, code: shown(word) },
      });
    },
  };
};

/** Words of theirs that are no codes may be anything. */
const shown = (value: unknown): string =>
  typeof value === 'string' && value.length <= 40 && CODE.test(value) ? value : 'not-a-code';

export const mapped = (foreign: string, read: Field['read'], write: Field['write']): Field => ({
  foreign,
  read,
  write,
});

/** What of it the platform is told; null takes away. Throws `not-supported` for a field that it has no place for. */
export function toForeign(fields: Fields, value: object, prefix = ''): Foreign {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
      const field = fields[prefix + name];
      if (member === undefined) return [];
      if (field) return [[field.foreign, member === null ? null : field.write(member as never)]];
      if (typeof member === 'object' && member !== null)
        return Object.entries(toForeign(fields, member as object, `${name}.`));
      const below = Object.entries(fields).filter(([path]) => path.startsWith(`${name}.`));
      if (member !== null || !below.length)
        throw new Problem('not-supported', 'The platform has no place for this field', {
          context: { capability: prefix + name },
        });
      return below.map(([, { foreign }]) => [foreign, null]); // a nested shape that goes as a whole
    }),
  );
}

/** Throws `upstream-rejected` for a code that is not known, with the member that holds it. */
export function toCanonical(fields: Fields, entry: Foreign): Foreign {
  const result: Foreign = {};
  for (const [path, { foreign, read }] of Object.entries(fields)) {
    const value = entry[foreign];
    if (value === undefined || value === null) continue;
    const [name, below] = path.split('.') as [string, string?];
    const canonical = read(value as never, entry);
    if (below === undefined) result[name] = canonical;
    else result[name] = { ...(result[name] as object), [below]: canonical };
  }
  return result;
}
