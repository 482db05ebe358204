/** Our tokenizer against another one, of people who have not read ours: the same segments of every real file. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { X12parser } from 'x12-parser';
import { readX12, type Segment } from './index.js';

// Sample files of five open projects (SOURCES.md beside them), which are not part of this repository.
const ROOT = process.env['CONCORD_TEST_DATA'] ?? join(import.meta.dirname, '../../../../..', 'shared', 'data');
const FOLDER = join(ROOT, 'x12');
const present = existsSync(FOLDER);
const suite = present ? describe : describe.skip;

const BLIND = 'finds nothing behind a byte order mark, or an ISA of another length than 106';
const BINARY = 'takes line ends and separators out of binary data, which is no text';

/** What x12-parser 1.3.0 is known to fail on, by file, and why we hold to our own reading. */
const KNOWN: Readonly<Record<string, string>> = {
  'indice-co__EDI.Net/x12.810.mandatory-conditions.edi': BLIND,
  'indice-co__EDI.Net/x12.810a.edi': BLIND,
  'indice-co__EDI.Net/x12.810b.edi': BLIND,
  'indice-co__EDI.Net/x12.810c.edi': BLIND,
  'indice-co__EDI.Net/x12.850.edi': BLIND,
  'indice-co__EDI.Net/x12.850a.edi': BLIND,
  'indice-co__EDI.Net/x12.Issue101.edi': BLIND,
  'indice-co__EDI.Net/x12.Issue88.edi': BLIND,
  'moov-io__x12/sample.txt': BLIND,
  'xlate__staedi/ts210_80char.edi': BLIND,
  'xlate__staedi/ts214_ellipses_segterm.edi': 'knows no terminator of several bytes',
  'indice-co__EDI.Net/x12.850.issue135.edi':
    'ends a segment at a line end, where the terminator of this file is missing; for us the date is none',
  'xlate__staedi/sample275_with_HL7_valid_BIN01.edi': BINARY,
  'xlate__staedi/simple_with_binary_segment.edi': BINARY,
  'xlate__staedi/nonnumeric_BIN01.edi': 'passes on a binary segment whose length is none, which we refuse',
  'xlate__staedi/sample275_with_HL7_invalid_BIN01.edi': 'passes on a binary segment of a wrong length, which we refuse',
  'xlate__staedi/sample837-HL-nested-expected.txt': 'finds segments in what is no X12 at all',
};

type Other = Record<string, string>;

/** `CLM*1**11:B:1`: without the blanks that pad, without empty elements at the end. */
const written = (name: string, elements: readonly (readonly string[])[]): string => {
  const texts = elements.map((components) =>
    components
      .map((text) => text.trim())
      .join(':')
      .replace(/:+$/, ''),
  );
  return [name, ...texts].join('*').replace(/\*+$/, '');
};

const ours = (segment: Segment): string =>
  written(
    segment.name,
    segment.texts.slice(1).map((_, index) => segment.components(index + 1)),
  );

/** Element 4 with three components is told as `4`, `4-1` and `4-2`. */
const theirs = ({ name = '', ...elements }: Other): string => {
  const grouped = Map.groupBy(Object.entries(elements), ([key]) => Number(key.split('-')[0]));
  const component = ([key]: [string, string]) => Number(key.split('-')[1] ?? 0);
  const most = Math.max(0, ...grouped.keys());
  const all = Array.from({ length: most }, (_, index) => grouped.get(index + 1) ?? []);
  return written(
    name,
    all.map((parts) => parts.sort((a, b) => component(a) - component(b)).map(([, text]) => text)),
  );
};

/** The segments from each ST to its SE. */
async function readByTheOther(content: Buffer): Promise<string[]> {
  const parser = new X12parser();
  const segments: string[] = [];
  let inSet = false;
  for await (const segment of Readable.from([content]).pipe(parser) as AsyncIterable<Other>) {
    if (segment['name'] === 'ST') inSet = true;
    if (inSet) segments.push(theirs(segment));
    if (segment['name'] === 'SE') inSet = false;
  }
  return segments;
}

const readByUs = (content: Buffer): string[] =>
  readX12(content, { strictness: 'lenient' }).interchanges.flatMap(({ groups }) =>
    groups.flatMap(({ sets }) => sets.flatMap(({ segments }) => segments.map(ours))),
  );

suite(`Another reader${present ? '' : ' (skipped: point CONCORD_TEST_DATA at the test data)'}`, () => {
  const files = present ? globSync('*/*', { cwd: FOLDER }).sort() : [];

  it('finds the same segments in every file, but for those that it is known to fail on', async () => {
    const different: string[] = [];
    let segments = 0;
    for (const file of files) {
      const content = readFileSync(join(FOLDER, file));
      const mine = readByUs(content);
      const other = await readByTheOther(content).catch((error: Error) => [error.message]);
      segments += mine.length;
      if (mine.join('\n') !== other.join('\n')) different.push(file);
    }
    expect(different).toEqual(Object.keys(KNOWN).sort());
    expect(files).toHaveLength(69);
    expect(segments).toBeGreaterThan(8_000);
  });
});
