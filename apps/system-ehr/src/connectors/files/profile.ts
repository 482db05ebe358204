/**
 * A profile declares what the extracts of a practice-management system look like: which files there are, and what each
 * column says in canonical words. It is data; another practice needs another profile and no code.
 */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

export const EXTRACT_KINDS = [
  'encounter',
  'patient',
  'practitioner',
  'practitioner-role',
  'location',
  'bed',
  'appointment',
  'order',
  'procedure',
  'supply-use',
  'charge',
] as const;

/** What is in a cell. */
export const COLUMN_TYPES = [
  'text',
  'id', // letters, digits and ._:-
  'person', // the number of a patient, which becomes an id that says nothing by itself
  'ids', // several, by `separator`
  'instant', // by `format`, in the profile's zone
  'day', // by `format`
  'decimal',
  'flag', // by `values`
  'choice', // by `values`
  'coding', // a code of `system`
  'codings', // several, by `separator`
  'identifier', // a number of `system`
  'clinician', // the number of a practitioner who took part as `role`
] as const;

export interface Column {
  /** The canonical fact. */
  readonly fact: string;
  readonly as: (typeof COLUMN_TYPES)[number];
  /** `yyyy`, `MM`, `dd`, `HH`, `mm`, `ss`, and what stands between them. */
  readonly format?: string;
  readonly system?: string;
  readonly separator?: string;
  readonly role?: string;
  /** What the words of the file are in ours. */
  readonly values?: Readonly<Record<string, string | boolean>>;
  /** A line in which it is empty is faulty. */
  readonly required?: boolean;
}

export interface Extract {
  /** A regular expression that the file's name matches. */
  readonly files: string;
  readonly kind: (typeof EXTRACT_KINDS)[number];
  /** The column that holds the id. */
  readonly id: string;
  /** The column that says when the line was last changed; where there is none, when the file was written. */
  readonly saidAt?: string;
  /** The first field of a line that heads the file, and where it says how many lines follow. */
  readonly header?: { readonly marker: string; readonly count?: number };
  /** The first field of a line that ends the file, and where it says how many lines there were. */
  readonly trailer?: { readonly marker: string; readonly count?: number };
  /** What an empty cell says: nothing, or that there is no value any more. */
  readonly empty?: 'nothing' | 'deleted';
  readonly columns: Readonly<Record<string, Column>>;
}

export interface Profile {
  readonly name: string;
  readonly delimiter: string;
  /** A label of the WHATWG Encoding Standard. */
  readonly encoding: string;
  /** IANA zone of times in the files. */
  readonly timeZone: string;
  readonly extracts: readonly Extract[];
}

const name = { type: 'string', minLength: 1, maxLength: 200 } as const;
const mark = {
  type: 'object',
  required: ['marker'],
  additionalProperties: false,
  properties: { marker: name, count: { type: 'integer', minimum: 2, maximum: 1000 } },
} as const;

const SCHEMA = {
  type: 'object',
  required: ['name', 'delimiter', 'encoding', 'timeZone', 'extracts'],
  additionalProperties: false,
  properties: {
    name,
    delimiter: { type: 'string', minLength: 1, maxLength: 1 },
    encoding: name,
    timeZone: name,
    extracts: {
      type: 'array',
      minItems: 1,
      maxItems: 100,
      items: {
        type: 'object',
        required: ['files', 'kind', 'id', 'columns'],
        additionalProperties: false,
        properties: {
          files: { type: 'string', format: 'regex' },
          kind: { enum: EXTRACT_KINDS },
          id: name,
          saidAt: name,
          header: mark,
          trailer: mark,
          empty: { enum: ['nothing', 'deleted'] },
          columns: {
            type: 'object',
            minProperties: 1,
            additionalProperties: {
              type: 'object',
              required: ['fact', 'as'],
              additionalProperties: false,
              properties: {
                fact: name,
                as: { enum: COLUMN_TYPES },
                format: name,
                system: name,
                separator: { type: 'string', minLength: 1, maxLength: 5 },
                role: name,
                values: { type: 'object', additionalProperties: { type: ['string', 'boolean'] } },
                required: { type: 'boolean' },
              },
            },
          },
        },
      },
    },
  },
};

/** Throws an error that says where the profile is wrong, for it is checked when the API starts. */
export function readProfile(file: string): Profile {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`FILES_PROFILE: ${file} cannot be read as JSON`, { cause });
  }
  return checkedProfile(json);
}

export function checkedProfile(json: unknown): Profile {
  const ajv = new Ajv2020({ allErrors: false, formats: { regex: isRegex }, allowUnionTypes: true });
  const check = ajv.compile<Profile>(SCHEMA);
  if (!check(json)) {
    const { instancePath = '', message = '' } = check.errors?.[0] ?? {};
    throw new Error(`FILES_PROFILE: ${instancePath || '/'} ${message}`);
  }
  refuseUnknownNames(json);
  for (const { id, saidAt, columns, kind } of json.extracts) {
    if (!columns[id]) throw new Error(`FILES_PROFILE: the id column ${id} of ${kind} is not among its columns`);
    if (saidAt !== undefined && columns[saidAt]?.as !== 'instant')
      throw new Error(`FILES_PROFILE: the column ${saidAt} of ${kind} is no instant`);
  }
  return json;
}

function refuseUnknownNames({ encoding, timeZone }: Profile): void {
  try {
    new TextDecoder(encoding);
    new Intl.DateTimeFormat('en', { timeZone });
  } catch (cause) {
    throw new Error('FILES_PROFILE: the encoding or the timeZone is not known', { cause });
  }
}

function isRegex(text: string): boolean {
  try {
    return Boolean(new RegExp(text));
  } catch {
    return false;
  }
}
