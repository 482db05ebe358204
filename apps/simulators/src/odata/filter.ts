/** The part of `$filter` that clients of ours use: comparisons, `contains`, `tolower`, `and`, `or`, parentheses (OData 4.01 URL, 5.1.1). */

export type Entity = Record<string, unknown>;
export type Predicate = (entity: Entity) => boolean;

type Value = string | number | boolean | null;
type Operand = (entity: Entity) => Value;

const TOKEN = /\s*(?:('(?:[^']|'')*')|([A-Za-z_][\w/]*|-?\d[\w.:+-]*)|([(),]))/y;

/** Throws a SyntaxError for anything else. */
export function filterOf(text: string): Predicate {
  const tokens = tokensOf(text);
  const predicate = either(tokens);
  if (tokens.length) throw new SyntaxError('more follows than is understood');
  return predicate;
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const match = TOKEN.exec(text);
    if (!match) throw new SyntaxError('is no filter');
    tokens.push((match[1] ?? match[2] ?? match[3])!);
  }
  return tokens;
}

function either(tokens: string[]): Predicate {
  let left = both(tokens);
  while (tokens[0] === 'or') {
    tokens.shift();
    const [a, b] = [left, both(tokens)];
    left = (entity) => a(entity) || b(entity);
  }
  return left;
}

function both(tokens: string[]): Predicate {
  let left = comparison(tokens);
  while (tokens[0] === 'and') {
    tokens.shift();
    const [a, b] = [left, comparison(tokens)];
    left = (entity) => a(entity) && b(entity);
  }
  return left;
}

function comparison(tokens: string[]): Predicate {
  if (tokens[0] === '(') {
    tokens.shift();
    const within = either(tokens);
    expect(tokens, ')');
    return within;
  }
  if (tokens[0] === 'contains') {
    const [text, part] = argumentsOf(tokens, 2);
    return (entity) => String(text!(entity) ?? '').includes(String(part!(entity)));
  }
  const left = operand(tokens);
  const compare = COMPARE[tokens.shift() ?? ''];
  if (!compare) throw new SyntaxError('is no comparison');
  const right = operand(tokens);
  return (entity) => compare(left(entity), right(entity));
}

/** Numbers that are written as text are compared as numbers. */
const isNumber = (value: Value): boolean => typeof value === 'number' || /^-?\d+(\.\d+)?$/.test(String(value));

const order = (a: Value, b: Value): number => {
  if (typeof b === 'number' && isNumber(a)) return Number(a) - b;
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
};

const COMPARE: Readonly<Record<string, (a: Value, b: Value) => boolean>> = {
  eq: (a, b) => (a === null || b === null ? a === b : order(a, b) === 0),
  ne: (a, b) => (a === null || b === null ? a !== b : order(a, b) !== 0),
  gt: (a, b) => a !== null && b !== null && order(a, b) > 0,
  ge: (a, b) => a !== null && b !== null && order(a, b) >= 0,
  lt: (a, b) => a !== null && b !== null && order(a, b) < 0,
  le: (a, b) => a !== null && b !== null && order(a, b) <= 0,
};

function operand(tokens: string[]): Operand {
  if (tokens[0] === 'tolower') {
    const [text] = argumentsOf(tokens, 1);
    return (entity) => String(text!(entity) ?? '').toLowerCase();
  }
  const token = tokens.shift();
  if (token === undefined || /^[(),]$/.test(token)) throw new SyntaxError('a value is missing');
  if (token.startsWith("'")) return always(token.slice(1, -1).replaceAll("''", "'"));
  if (token === 'true' || token === 'false') return always(token === 'true');
  if (token === 'null') return always(null);
  if (/^-?\d+(\.\d+)?$/.test(token)) return always(Number(token));
  if (/^\d/.test(token)) return always(token);
  return (entity) => (entity[token] ?? null) as Value;
}

const always =
  (value: Value): Operand =>
  () =>
    value;

function argumentsOf(tokens: string[], count: number): Operand[] {
  tokens.shift();
  expect(tokens, '(');
  const operands = [operand(tokens)];
  while (operands.length < count) {
    expect(tokens, ',');
    operands.push(operand(tokens));
  }
  expect(tokens, ')');
  return operands;
}

function expect(tokens: string[], token: string): void {
  if (tokens.shift() !== token) throw new SyntaxError(`${token} is missing`);
}
