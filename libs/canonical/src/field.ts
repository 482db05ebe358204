/**
 * How a canonical shape declares its fields. One decorator a field says what it is in words; from it come the
 * class-validator rules, the OpenAPI schema (and with it the fast validator), and the data class.
 */
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsObject,
  IsString,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import type { DataClass } from './phi.js';

export interface FieldOptions {
  readonly optional?: boolean;
  /** Who may see it; `none` where nothing is said. */
  readonly dataClass?: DataClass;
  readonly example?: unknown;
}

interface DeclaredField {
  readonly optional: boolean;
  readonly name: string;
  readonly dataClass: DataClass;
  /** The shape below, where the field is nested or a list of shapes. */
  readonly shape?: () => Shape;
  readonly list: boolean;
  /**
   * The same field in a change of the shape: it may be left out, and be null where it may be missing.
   * @param part the shape of a part of what is nested
   */
  readonly asChange: (part?: () => Shape) => PropertyDecorator;
}

export type Shape = abstract new () => object;

const FIELDS = Symbol('concord:fields');

/** The declared fields of a shape, inherited ones first. */
export function fieldsOf(shape: Shape): readonly DeclaredField[] {
  return (Reflect.getMetadata(FIELDS, shape) as DeclaredField[] | undefined) ?? [];
}

interface Declaration extends FieldOptions {
  readonly rules: readonly PropertyDecorator[];
  readonly schema: ApiPropertyOptions;
  readonly shape?: () => Shape;
  readonly list?: boolean;
  /** Null says that it is to be removed. */
  readonly removable?: boolean;
}

/** Marks a schema that null fits as well; whoever writes the contract makes it so. */
export const REMOVABLE = 'x-removable';

function declare(description: string, declaration: Declaration): PropertyDecorator {
  const { rules, schema, shape, list = false, optional = false, dataClass = 'none', example } = declaration;
  const removable = declaration.removable ?? false;
  const asChange = (part?: () => Shape) => {
    const partial = part ? { ...nestedIn(part), shape: part } : {};
    return declare(description, { ...declaration, ...partial, optional: true, removable: optional });
  };
  return (target, key) => {
    const name = String(key);
    const constructor = target.constructor as Shape;
    const field: DeclaredField = { name, optional, dataClass, shape, list, asChange };
    Reflect.defineMetadata(FIELDS, [...fieldsOf(constructor), field], constructor);
    for (const rule of rules) rule(target, key);
    if (removable) ValidateIf((_, value) => value !== undefined && value !== null)(target, key);
    else if (optional) ValidateIf((_, value) => value !== undefined)(target, key);
    const marked = {
      ...(dataClass === 'none' ? {} : { 'x-data-class': dataClass }),
      ...(removable ? { [REMOVABLE]: true } : {}),
    };
    const sample = example === undefined ? {} : { example };
    ApiProperty({ ...schema, ...marked, ...sample, description, required: !optional } as ApiPropertyOptions)(
      target,
      key,
    );
  };
}

/** Free text of one line: no control character and no half of a surrogate pair, which no store would take. */
const LINE = /^[^\p{Cc}\p{Cs}]*$/u;

export const text = (description: string, options: FieldOptions & { max?: number } = {}): PropertyDecorator => {
  const max = options.max ?? 200;
  const rules = [IsString(), Matches(new RegExp(LINE.source.replace('*', `{1,${max}}`), 'u'))];
  const schema = { type: 'string', minLength: 1, maxLength: max, pattern: LINE.source } as const;
  return declare(description, { ...options, rules, schema });
};

const matching = (description: string, pattern: RegExp, options: FieldOptions, format?: string): PropertyDecorator => {
  const schema = { type: 'string', pattern: pattern.source, ...(format ? { format } : {}) } as ApiPropertyOptions;
  return declare(description, { ...options, rules: [IsString(), Matches(pattern)], schema });
};

export const CODE = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;
const DECIMAL = /^-?[0-9]{1,15}(\.[0-9]{1,6})?$/;
// No year that a calendar of care could not mean, and no leap second: neither a `Date` nor a ledger could hold them.
const INSTANT = /^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?Z$/;
const DAY = /^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$/;

/** An identifier or a code: letters, digits and `._:-`, at most 128. */
export const code = (description: string, options: FieldOptions = {}): PropertyDecorator =>
  matching(description, CODE, options);

/** A string of a format of its own, for example a currency. */
export const formatted = (description: string, pattern: RegExp, options: FieldOptions = {}): PropertyDecorator =>
  matching(description, pattern, options);

/** A decimal number as a string, so that no float ever touches it: up to 15 digits and 6 decimals. */
export const decimal = (description: string, options: FieldOptions = {}): PropertyDecorator =>
  matching(description, DECIMAL, options);

const dated = (description: string, pattern: RegExp, format: string, options: FieldOptions): PropertyDecorator => {
  const rules = [IsString(), Matches(pattern), IsISO8601({ strict: true, strictSeparator: true })];
  return declare(description, { ...options, rules, schema: { type: 'string', pattern: pattern.source, format } });
};

/** A point in time, ISO 8601 in UTC with `Z`. */
export const instant = (description: string, options: FieldOptions = {}): PropertyDecorator =>
  dated(description, INSTANT, 'date-time', options);

/** A calendar day, ISO 8601. */
export const day = (description: string, options: FieldOptions = {}): PropertyDecorator =>
  dated(description, DAY, 'date', options);

/** A whole number between `min` (0) and `max`. */
export const count = (
  description: string,
  options: FieldOptions & { min?: number; max?: number } = {},
): PropertyDecorator => {
  const { min = 0, max = 1_000_000_000 } = options;
  const schema = { type: 'integer', minimum: min, maximum: max } as const;
  return declare(description, { ...options, rules: [IsInt(), Min(min), Max(max)], schema });
};

export const flag = (description: string, options: FieldOptions = {}): PropertyDecorator =>
  declare(description, { ...options, rules: [IsBoolean()], schema: { type: 'boolean' } });

/** One of a closed list of words. */
export const choice = (description: string, values: readonly string[], options: FieldOptions = {}): PropertyDecorator =>
  declare(description, { ...options, rules: [IsIn([...values])], schema: { type: 'string', enum: [...values] } });

const HoldsWords = (): PropertyDecorator => {
  const isWord = (value: unknown) => typeof value === 'string' && [...value].length <= 200;
  const validate = (value: unknown) => Object.values(value ?? {}).every(isWord);
  return ValidateBy({ name: 'holdsWords', validator: { validate, defaultMessage: () => '$property must hold words' } });
};

/** Codes by name, for example `{ code: '140' }`; values are strings of at most 200. */
export const words = (description: string, options: FieldOptions = {}): PropertyDecorator => {
  const schema = { type: 'object', additionalProperties: { type: 'string', maxLength: 200 } } as ApiPropertyOptions;
  return declare(description, { ...options, rules: [IsObject(), HoldsWords()], schema });
};

/** A JSON value of another system's own making, for example the exact write that a preview shows. */
export const anything = (description: string, options: FieldOptions = {}): PropertyDecorator =>
  declare(description, { ...options, rules: [], schema: {} });

const nestedIn = (shape: () => Shape): Pick<Declaration, 'rules' | 'schema'> => ({
  rules: [IsObject(), ValidateNested(), Type(() => shape())],
  schema: { type: () => shape() },
});

/** Another shape. */
export const nested = (description: string, shape: () => Shape, options: FieldOptions = {}): PropertyDecorator =>
  declare(description, { ...options, ...nestedIn(shape), shape });

/** A list of shapes, `min` (0) to `max` (1,000) long. */
export const list = (
  description: string,
  shape: () => Shape,
  options: FieldOptions & { min?: number; max?: number } = {},
): PropertyDecorator => {
  const { min = 0, max = 1000 } = options;
  const type = Type(() => shape());
  const each = [IsObject({ each: true }), ValidateNested({ each: true }), type];
  const rules = [IsArray(), ArrayMinSize(min), ArrayMaxSize(max), ...each];
  const schema = { type: () => shape(), isArray: true, minItems: min, maxItems: max } as unknown as ApiPropertyOptions;
  return declare(description, { ...options, rules, schema, shape, list: true });
};

/** A list of codes. */
export const codes = (description: string, options: FieldOptions & { max?: number } = {}): PropertyDecorator => {
  const { max = 1000 } = options;
  const rules = [IsArray(), ArrayMaxSize(max), IsString({ each: true }), Matches(CODE, { each: true })];
  const items = { type: 'string', pattern: CODE.source };
  const schema = { type: 'array', items, maxItems: max } as unknown as ApiPropertyOptions;
  return declare(description, { ...options, rules, schema });
};
