import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { linesOf } from './lines.js';

async function* pieces(texts: readonly (string | Buffer)[]): AsyncGenerator<Buffer> {
  for (const text of texts) {
    await Promise.resolve();
    yield Buffer.from(text);
  }
}

async function read(...texts: readonly (string | Buffer)[]): Promise<string[]> {
  const found: string[] = [];
  for await (const line of linesOf(pieces(texts), { delimiter: ',', encoding: 'utf-8' }))
    found.push('wrong' in line ? `${line.line}! ${line.wrong}` : `${line.line}: ${line.fields.join('|')}`);
  return found;
}

const cutEverywhere = (file: Buffer) => Array.from({ length: file.length }, (_, i) => file.subarray(i, i + 1));

describe('The lines of a CSV file', () => {
  it('are told with their place, wherever the pieces are cut and whatever stands before them', async () => {
    const file = Buffer.from('\ufeffid,name\r\n1,"Bäum, Test"\r\n\r\n2,"two ""\r\nlines"\r\n3,\r');
    const whole = await read(file);
    expect(whole).toEqual(['1: id|name', '2: 1|Bäum, Test', '4: 2|two "\nlines', '6: 3|']);
    await expect(read(...cutEverywhere(file))).resolves.toEqual(whole);
  });

  it.each([
    ['a quote inside a field', '1,o"dd', 'has a quote inside a field that is not quoted'],
    ['characters after a quote', '1,"end"ed', 'has characters after a closing quote'],
    ['a quote that is never closed', '1,"open', 'has a quote that is not closed'],
    ['a quote that the next line seems to close', '1,"open\n2,"then",x', 'has a quote that is not closed'],
  ])('lose nothing of the lines beside %s', async (_, bad, why) => {
    const file = Buffer.from(`a,b\n${bad}\n7,"good"\n8,good\n`);
    const told = await read(file);
    expect(told[0]).toBe('1: a|b');
    expect(told).toContain(`2! ${why}`);
    expect(told.slice(-2).map((line) => line.slice(3))).toEqual(['7|good', '8|good']);
    await expect(read(...cutEverywhere(file))).resolves.toEqual(told);
  });

  it('go on after a record that is too long, with or without an end of its line', async () => {
    const long = 'x'.repeat(600_000);
    const quoted = [`2,"${long}\n`, `${long}\n`, '4,good\n'];
    await expect(read('1,a\n', ...quoted)).resolves.toEqual([
      '1: 1|a',
      '2! has a quote that is not closed',
      `3: ${long}`,
      '4: 4|good',
    ]);
    await expect(read(long, long, long, '\n2,good')).resolves.toEqual(['1! is longer than a megabyte', '2: 2|good']);
    await expect(read(`${long}${long}\n2,good\n`)).resolves.toEqual(['1! is longer than a megabyte', '2: 2|good']);
  });

  it('are read in a time that grows with the file, though every quote of it stays open', async () => {
    const began = performance.now();
    const told = await read(...Array.from({ length: 40 }, () => '1,"open\n'.repeat(5000)));
    expect(told).toHaveLength(200_000);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('that were written by the rules are what was written, and what csv-parse reads', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'ü', '"', ',', '\n', ' ', '😀'), maxLength: 6 });
    const records = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(records, fc.integer({ min: 1, max: 9 }), async (rows, size) => {
        const file = Buffer.from(stringify(rows));
        const cut = Array.from({ length: Math.ceil(file.length / size) }, (_, i) =>
          file.subarray(i * size, (i + 1) * size),
        );
        const found = [];
        for await (const line of linesOf(pieces(cut), { delimiter: ',', encoding: 'utf-8' }))
          found.push('fields' in line && line.fields);
        expect(found).toEqual(rows);
        expect(parse(file, { relax_column_count: true })).toEqual(rows);
      }),
      { numRuns: 200 },
    );
  });
});
