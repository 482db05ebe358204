import fc from 'fast-check';
import { refuseDeepJson } from './json-depth.js';

const isRefused = (text: string): boolean => {
  try {
    refuseDeepJson(Buffer.from(text));
    return false;
  } catch {
    return true;
  }
};

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

test('64 levels are read, 65 are not', () => {
  expect(isRefused('['.repeat(64) + ']'.repeat(64))).toBe(false);
  expect(isRefused('['.repeat(65) + ']'.repeat(65))).toBe(true);
  expect(isRefused('{"a":['.repeat(33))).toBe(true);
  expect(isRefused('['.repeat(50_000))).toBe(true);
});

test('brackets inside of a text count for nothing, whatever is escaped in it', () => {
  expect(isRefused(JSON.stringify({ note: '[{'.repeat(1000) }))).toBe(false);
  const text = fc.string({ unit: fc.constantFrom('[', '{', '"', '\\', 'é', '雪', ']', '\n') });
  const value = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 3 }, text, fc.array(tie('value')), fc.dictionary(text, tie('value'))),
  })).value;
  fc.assert(
    fc.property(value, fc.integer({ min: 55, max: 70 }), (inner, levels) => {
      const body = '['.repeat(levels) + JSON.stringify(inner) + ']'.repeat(levels);
      expect(isRefused(body)).toBe(levels + depthOf(inner) > 64);
    }),
  );
});

test('text that is no JSON is left to the parser', () => {
  fc.assert(fc.property(fc.string({ maxLength: 60 }), (text) => expect(isRefused(text)).toBe(false)));
  expect(isRefused('"\\')).toBe(false);
});
