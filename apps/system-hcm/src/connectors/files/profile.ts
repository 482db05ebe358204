/**
 * A profile declares what the nightly extracts of a platform look like: which files there are, what each column says in
 * canonical words, and what it means when a record is not told of any more. It is data; another platform needs another
 * profile and no code.
 */
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { code, type Writing } from './cell.js';
import { ENDS } from './ends.js';
import { PARTS, TOLD, TOLD_KINDS, type Told, type ToldKind } from './fields.js';

export interface Column extends Writing {
  /** The canonical field. */
  readonly field: string;
}

export interface Extract {
  /** A regular expression that the file's name matches; its group `day` (`yyyyMMdd`) says of which day it tells. */
  readonly files: string;
  readonly kind: ToldKind;
  /** The columns that name a record; of several, their values joined by a point. */
  readonly id: readonly string[];
  /** What it means when a record is not told of: nothing, or that it has ended. */
  readonly absent?: 'kept' | 'ended';
  /** The first field of a line that ends the file, and where it says how many lines there were. */
  readonly trailer?: { readonly marker: string; readonly count?: number };
  readonly columns: Readonly<Record<string, Column>>;
  /** Fields that no column tells, in canonical words. */
  readonly constants?: Readonly<Record<string, string>>;
}

export interface Profile {
  readonly name: string;
  readonly delimiter: string;
  /** A label of the WHATWG Encoding Standard. */
  readonly encoding: string;
  readonly extracts: readonly Extract[];
}

const name = { type: 'string', minLength: 1, maxLength: 200 } as const;
const byName = (value: object) => ({ type: 'object', maxProperties: 200, additionalProperties: value }) as const;

const COLUMN = {
  type: 'object',
  required: ['field'],
  additionalProperties: false,
  properties: {
    field: name,
    format: name,
    separator: { type: 'string', minLength: 1, maxLength: 5 },
    currency: { type: 'string', pattern: '^[A-Z]{3}$' },
    values: byName(name),
    item: name,
    title: name,
    sort: name,
  },
};

const EXTRACT = {
  type: 'object',
  required: ['files', 'kind', 'id', 'columns'],
  additionalProperties: false,
  properties: {
    files: { type: 'string', format: 'regex' },
    kind: { enum: TOLD_KINDS },
    id: { type: 'array', minItems: 1, maxItems: 5, items: name },
    absent: { enum: ['kept', 'ended'] },
    trailer: {
      type: 'object',
      required: ['marker'],
      additionalProperties: false,
      properties: { marker: name, count: { type: 'integer', minimum: 2, maximum: 1000 } },
    },
    columns: { ...byName(COLUMN), minProperties: 1 },
    constants: byName(name),
  },
};

const SCHEMA = {
  type: 'object',
  required: ['name', 'delimiter', 'encoding', 'extracts'],
  additionalProperties: false,
  properties: {
    name,
    delimiter: { type: 'string', minLength: 1, maxLength: 1 },
    encoding: name,
    extracts: { type: 'array', minItems: 1, maxItems: 100, items: EXTRACT },
  },
};

/** Throws an error that says where the profile is wrong, for it is checked when the API starts. */
export function readProfile(file: string): Profile {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`HCM_FILES_PROFILE: ${file} cannot be read as JSON`, { cause });
  }
  return checkedProfile(json);
}

let compiled: ValidateFunction<Profile> | undefined;

export function checkedProfile(json: unknown): Profile {
  const check = (compiled ??= new Ajv2020({ formats: { regex: isRegex } }).compile<Profile>(SCHEMA));
  if (!check(json)) {
    const { instancePath = '', message = '' } = check.errors?.[0] ?? {};
    throw new Error(`HCM_FILES_PROFILE: ${instancePath || '/'} ${message}`);
  }
  if (!isEncoding(json.encoding)) throw new Error(`HCM_FILES_PROFILE: the encoding ${json.encoding} is not known`);
  for (const extract of json.extracts) refuse(extract);
  const kinds = json.extracts.map(({ kind }) => kind);
  const twice = kinds.find((kind, i) => kinds.indexOf(kind) !== i);
  const lone = LIFECYCLE.filter((kind) => kinds.includes(kind));
  if (lone.length === 1) throw new Error(`HCM_FILES_PROFILE: of ${LIFECYCLE.join(' and ')} it tells ${lone[0]} only`);
  if (twice)
    throw new Error(`HCM_FILES_PROFILE: there are two extracts of ${twice}: one would end what the other tells`);
  return json;
}

/** How people come and how they go is told together, or not at all. */
const LIFECYCLE: readonly ToldKind[] = ['onboarding', 'termination'];

function refuse(extract: Extract): void {
  const { kind, id, columns, constants = {}, absent } = extract;
  const fault = (what: string): never => {
    throw new Error(`HCM_FILES_PROFILE: the extract of ${kind} ${what}`);
  };
  const { fields, required }: Told = TOLD[kind];
  const given = new Set([...Object.values(columns).map(({ field }) => field), ...Object.keys(constants)]);
  for (const field of given) if (field !== 'id' && !fields[field]) fault(`tells of ${field}, which it does not have`);
  for (const field of required) if (!given.has(field)) fault(`does not tell of ${field}`);
  for (const column of id) if (!columns[column]) fault(`is named by ${column}, which is not among its columns`);
  for (const [field, word] of Object.entries(constants)) {
    const reading = fields[field]!(word, {});
    if ('wrong' in reading) fault(`has a constant ${field} that ${reading.wrong}`);
  }
  for (const { field, values = {}, ...writing } of Object.values(columns)) {
    const cell = fields[field] ?? code;
    const strange = Object.values(values).find((word) => 'wrong' in cell(word, {}));
    if (strange !== undefined) fault(`has a word for ${field} that is none of ours: ${strange}`);
    for (const [say, cellOfIt] of Object.entries(PARTS[field] ?? {})) {
      const reading = cellOfIt(writing[say as keyof typeof writing] ?? '', {});
      if ('wrong' in reading || reading.value === '')
        fault(`has a column for ${field} whose ${say} is not said in our words`);
    }
  }
  if (absent === 'ended' && !ENDS[kind]) fault('cannot end what it does not tell of: its records only ever come');
}

function isEncoding(label: string): boolean {
  try {
    return Boolean(new TextDecoder(label));
  } catch {
    return false;
  }
}

function isRegex(source: string): boolean {
  try {
    return Boolean(new RegExp(source));
  } catch {
    return false;
  }
}
