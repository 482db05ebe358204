import { isDateTime } from './date-time.js';
import type { Faults } from './fault.js';
import { isObject } from './json.js';

/** Looks at one element that is present, and notes what is wrong with it at its pointer. */
export type Check = (value: unknown, pointer: string, faults: Faults) => void;

/** The elements of an object: what is listed is checked where it is present; everything else passes. */
export type Elements = Readonly<Record<string, Check | Required>>;

interface Required {
  readonly required: Check;
}

export const required = (check: Check): Required => ({ required: check });

export const string: Check = (value, pointer, faults) => {
  if (typeof value !== 'string' || value === '') faults.add(pointer, 'type', `${pointer} must be a string`);
};

export const number: Check = (value, pointer, faults) => {
  if (typeof value !== 'number') faults.add(pointer, 'type', `${pointer} must be a number`);
};

export const dateTime: Check = (value, pointer, faults) => {
  if (typeof value !== 'string') faults.add(pointer, 'type', `${pointer} must be a string`);
  else if (!isDateTime(value)) faults.add(pointer, 'format', `${pointer} must be a FHIR dateTime`);
};

export const code = (...codes: readonly string[]): Check => {
  const known = new Set<unknown>(codes);
  return (value, pointer, faults) => {
    if (!known.has(value)) faults.add(pointer, 'code', `${pointer} must be one of ${codes.join(', ')}`);
  };
};

export const list = (check: Check): Check => {
  return (value, pointer, faults) => {
    if (!Array.isArray(value)) faults.add(pointer, 'type', `${pointer} must be an array`);
    else for (let i = 0; i < value.length; i++) check(value[i], `${pointer}/${i}`, faults);
  };
};

export const object = (elements: Elements): Check => {
  const entries = Object.entries(elements).map(([name, check]) =>
    typeof check === 'function' ? { name, check, needed: false } : { name, check: check.required, needed: true },
  );
  return (value, pointer, faults) => {
    if (!isObject(value)) return faults.add(pointer, 'type', `${pointer} must be an object`);
    for (const { name, check, needed } of entries) {
      const element = value[name];
      if (element !== undefined) check(element, `${pointer}/${name}`, faults);
      else if (needed) faults.add(`${pointer}/${name}`, 'required', `${pointer}/${name} is missing`);
    }
  };
};
