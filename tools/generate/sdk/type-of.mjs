// A JSON Schema (2020-12, as OpenAPI 3.1 uses it) as the text of a TypeScript type. Named schemas stay names.
import { jsDoc } from './js-doc.mjs';

const NAMED = '#/components/schemas/';

/** @param {(name: string) => void} use is told of every named schema the type mentions */
export function typeOf(schema, use) {
  const of = (part) => typeOf(part, use);
  const union = (parts) => [...new Set(parts)].join(' | ') || 'never';

  if (schema === undefined || schema === true) return 'unknown';
  if (schema.$ref !== undefined) {
    if (!schema.$ref.startsWith(NAMED)) throw new Error(`cannot follow ${schema.$ref}`);
    const name = schema.$ref.slice(NAMED.length);
    use(name);
    return name;
  }
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return union(schema.enum.map((value) => JSON.stringify(value)));
  if (schema.allOf) return schema.allOf.map(of).join(' & ');
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return union(choices.map(of));
  if (Array.isArray(schema.type)) return union(schema.type.map((type) => of({ ...schema, type })));
  switch (schema.type) {
    case 'null':
      return 'null';
    case 'string':
      return 'string';
    case 'boolean':
      return 'boolean';
    case 'number':
    case 'integer':
      return 'number';
    case 'array':
      return `Array<${of(schema.items)}>`;
    case 'object':
      return objectOf(schema, of);
    default:
      return 'unknown';
  }
}

function objectOf({ properties, required = [], additionalProperties }, of) {
  if (properties)
    return objectLiteral(
      Object.entries(properties).map(([name, schema]) => ({
        name,
        type: of(schema),
        description: schema.description,
        required: required.includes(name),
      })),
    );
  return `Record<string, ${typeof additionalProperties === 'object' ? of(additionalProperties) : 'unknown'}>`;
}

/** `{ name: type; other?: type }`, each member under its description. */
export function objectLiteral(members) {
  const key = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));
  const lines = members.map(
    ({ name, type, required, description }) => `${jsDoc(description)}${key(name)}${required ? '' : '?'}: ${type};`,
  );
  return `{\n${lines.join('\n')}\n}`;
}
