import fc from 'fast-check';
import { canonicalJson } from './canonical-json.js';

const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).reverse();
  return Object.fromEntries(members.map(([name, member]) => [name, reversed(member)]));
};

describe('Canonical JSON', () => {
  it('is the same text in whatever order members stand, and says all that JSON says', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(reversed(value))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('orders few names and many', () => {
    expect(canonicalJson({ b: 1, a: { d: undefined, c: new Date(0) } })).toBe(
      '{"a":{"c":"1970-01-01T00:00:00.000Z"},"b":1}',
    );
    const names = Array.from({ length: 100 }, (_, i) => `n${i}`);
    const many = Object.fromEntries(names.map((name) => [name, name]));
    expect(Object.keys(JSON.parse(canonicalJson(many)) as object)).toEqual([...names].sort());
  });

  it('keeps a member that is named like the prototype a member', () => {
    const value: unknown = JSON.parse('{"b":1,"__proto__":{"z":1,"y":2}}');
    expect(canonicalJson(value)).toBe('{"__proto__":{"y":2,"z":1},"b":1}');
  });

  it('has a text for nothing', () => {
    expect(canonicalJson(undefined)).toBe('null');
    expect(canonicalJson([undefined])).toBe('[null]');
  });
});
