import fc from 'fast-check';
import { professionalClaim, professionalClaims } from './fixture/claims.js';
import { enveloped, group, interchange } from './fixture/envelopes.js';
import { remittance } from './fixture/remittances.js';
import {
  type Delimiters,
  placeOf,
  PROFESSIONAL_CLAIM,
  readSet,
  readX12,
  REMITTANCE,
  type SegmentData,
  setsOf,
  streamX12,
  type X12File,
  X12Refusal,
  writeSet,
  writeX12,
} from './index.js';

const claim = enveloped('HC', '005010X222A1', [
  writeSet(PROFESSIONAL_CLAIM, '0001', professionalClaims(professionalClaim())),
]).toString('latin1');
const read = (text: string, strictness: 'strict' | 'lenient' = 'strict') =>
  readX12(Buffer.from(text, 'latin1'), { strictness });
const faults = ({ faults: outside, interchanges }: X12File) =>
  [...outside, ...interchanges.flatMap((one) => one.faults)].map(
    ({ code, position }) => `${code} ${placeOf(position)}`,
  );

test.each([
  ['nothing', '', ['garbage segment 0 at byte 0']],
  ['blanks', ' \r\n\t ', ['garbage segment 0 at byte 0']],
  ['a letter', 'Dear Sir, please find enclosed', ['garbage segment 1 at byte 0']],
  ['half an ISA', claim.slice(0, 60), ['header segment 1 at byte 0']],
  ['an ISA alone', claim.slice(0, 106), ['truncated ISA[000000001]/segment 1 at byte 0']],
])('%s is refused at its place', (_, text, expected) => {
  expect(faults(read(text))).toEqual(expected);
});

test('wherever a file is cut off, it is refused, and the whole one behind it is read', () => {
  const step = 37;
  for (let end = 108; end < claim.length - 2; end += step) {
    const { interchanges, faults: outside } = read(claim.slice(0, end) + claim);
    const whole = interchanges.at(-1)!;
    expect([end, whole.faults, whole.groups[0]?.sets.length]).toEqual([end, [], 1]);
    expect(outside.length + interchanges.slice(0, -1).flatMap((one) => one.faults).length).toBeGreaterThan(0);
  }
});

test('a broken interchange between two good ones loses neither', () => {
  const broken = claim.replace('SE*26', 'SE*25').replace('000000001*0*T', '000000002*0*T');
  const file = read(`${claim}garbage${broken}\n${claim}`);
  expect(file.interchanges.map((one) => one.faults.map(({ code }) => code))).toEqual([
    [],
    ['count', 'control-number'],
    [],
  ]);
  expect(file.faults.map(({ code }) => code)).toEqual(['garbage']);
  expect(() => setsOf(file)).toThrow(X12Refusal);
});

test('a mark, blanks, foreign delimiters and line breaks are taken as they come', () => {
  const foreign = claim.replaceAll('*', '|').replaceAll(':', '>').replaceAll('~', '\r\n');
  const wrapped = claim.replace(/.{80}/g, '$&\r\n');
  for (const text of [`\xEF\xBB\xBF${claim}`, ` \n${claim}`, foreign, wrapped, claim.replaceAll('~', '~\n\t')]) {
    const [set] = setsOf(read(text));
    expect(readSet(PROFESSIONAL_CLAIM, set!).value).toEqual(professionalClaims(professionalClaim()));
  }
});

test('the same control number twice in a frame is refused; a lenient partner is warned', () => {
  const set = writeSet(PROFESSIONAL_CLAIM, '0001', professionalClaims(professionalClaim()));
  const twice = enveloped('HC', '005010X222A1', [set, set]).toString('latin1');
  expect(faults(read(twice))).toEqual([expect.stringContaining('duplicate ISA[000000001]/GS[1]')]);
  expect(read(twice, 'lenient').interchanges[0]?.warnings.map(({ code }) => code)).toEqual(['duplicate']);
});

test('a segment that does not end is given up, and what follows is read', () => {
  const endless = claim.slice(0, 300) + 'A'.repeat(200_000) + claim.slice(300);
  const file = read(endless + claim);
  expect(file.interchanges.map((one) => one.faults.map(({ code }) => code))).toEqual([['size'], []]);
});

test('segments outside of any set, and sets outside of any group, are told', () => {
  expect(faults(read(claim.replace('ST*837', 'XX*837')))).toContainEqual(expect.stringContaining('placement'));
  expect(faults(read(claim.replace(/GS\*[^~]*~/, '')))).toContainEqual(expect.stringContaining('placement'));
});

test('100 MB are read with bounded memory', async () => {
  const set = writeSet(REMITTANCE, '0001', remittance(200), { level: 0 });
  const one = enveloped('HP', '005010X221A1', [set]);
  const copies = Math.ceil((100 * 1024 * 1024) / one.length);
  function* bytes() {
    for (let copy = 0; copy < copies; copy += 1) yield one;
  }
  let [sets, broken, most] = [0, 0, 0];
  const before = process.memoryUsage().rss;
  for await (const event of streamX12(bytes())) {
    if (event.kind === 'set') sets += 1;
    if (event.kind === 'interchange-end') broken += event.faults.length;
    if (sets % 50 === 0) most = Math.max(most, process.memoryUsage().rss - before);
  }
  expect([sets, broken]).toEqual([copies, 0]);
  expect(most).toBeLessThan(200 * 1024 * 1024);
});

test('whatever bytes come, reading ends and throws nothing', () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.constantFrom(
      'ISA',
      '*',
      '~',
      ':',
      '\n',
      'GS*',
      'ST*837*1~',
      'SE*1*1~',
      'GE*1*1~',
      'IEA*1*1~',
      'BIN*5*',
      'HL*1**20*1~',
      claim.slice(0, 106),
      claim.slice(0, 400),
      claim,
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.constantFrom('strict', 'lenient'), (pieces, strictness) => {
      const file = read(pieces.join(''), strictness);
      for (const set of file.interchanges.flatMap(({ groups }) => groups.flatMap(({ sets }) => sets))) {
        readSet(PROFESSIONAL_CLAIM, set);
        readSet(REMITTANCE, set);
      }
      return true;
    }),
    { numRuns: 300 },
  );
});

test('however the bytes are cut into pieces, the same is read', async () => {
  const text = `${claim}\r\n garbage ${claim.replaceAll('~', '|')}${claim.slice(0, 500)}`;
  const bytes = Buffer.from(text, 'latin1');
  const whole = await events([bytes]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 }), async (sizes) => {
      const pieces: Buffer[] = [];
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const size = sizes[turn % sizes.length]!;
        pieces.push(bytes.subarray(at, at + size));
        at += size;
      }
      expect(await events(pieces)).toEqual(whole);
    }),
    { numRuns: 30 },
  );
});

async function events(pieces: Buffer[]) {
  const all = [];
  for await (const event of streamX12(pieces)) {
    all.push(
      event.kind === 'set'
        ? { ...event, set: event.set.segments.map((segment) => [String(segment), segment.offset]) }
        : event,
    );
  }
  return all;
}

const STYLES: readonly Delimiters[] = [
  { element: '*', component: ':', repetition: '^', terminator: '~' },
  { element: '|', component: '>', repetition: '`', terminator: '\n' },
  { element: '+', component: '<', repetition: '%', terminator: '$' },
];

const word = fc.stringMatching(/^[A-Z0-9 ]{0,11}[A-Z0-9]$/);
const element = fc.oneof(word, fc.constant(undefined), fc.array(word, { minLength: 2, maxLength: 4 }));
const name = fc.stringMatching(/^[C-F][A-Z][0-9]$/);
const segment = fc.tuple(name, fc.array(element, { maxLength: 8 }), word);

test('what is written is read back as the same, with any delimiters', () => {
  fc.assert(
    fc.property(fc.array(segment, { minLength: 1, maxLength: 20 }), fc.constantFrom(...STYLES), (parts, delimiters) => {
      const segments = parts.map(([id, elements, last]): SegmentData => [id, ...elements, last]);
      const header = interchange({ version: '00501' });
      const bytes = writeX12(
        [
          {
            header,
            groups: [{ header: group('HC', '005010'), sets: [{ id: '837', controlNumber: '0001', segments }] }],
          },
        ],
        { delimiters },
      );
      const [set] = setsOf(readX12(bytes));
      expect([set!.delimiters, set!.interchange, set!.group]).toEqual([delimiters, header, group('HC', '005010')]);
      const came = set!.segments
        .slice(1, -1)
        .map((one) => [one.name, ...one.texts.slice(1).map((_, at) => one.components(at + 1))]);
      expect(came).toEqual(
        segments.map(([id, ...elements]) => [
          id,
          ...elements.map((one) => (one === undefined ? [''] : typeof one === 'string' ? [one] : [...one])),
        ]),
      );
    }),
    { numRuns: 100 },
  );
});

test.each([
  ['an element separator', 'A*B'],
  ['a terminator', 'A~B'],
  ['a component separator', 'A:B'],
  ['a line break', 'A\nB'],
  ['a letter of another alphabet', 'Æ'],
])('a value with %s is never written', (_, value) => {
  const writing = () =>
    enveloped('HC', '005010', [{ id: '837', controlNumber: '0001', segments: [['NTE', 'ADD', value]] }]);
  expect(writing).toThrow(X12Refusal);
});

test('small letters are not written to a partner who takes the basic character set only', () => {
  const set = { id: '837', controlNumber: '0001', segments: [['NTE', 'ADD', 'small']] as const };
  expect(() => enveloped('HC', '005010', [set], { characters: 'basic' })).toThrow(X12Refusal);
  expect(enveloped('HC', '005010', [set]).includes('NTE*ADD*small~')).toBe(true);
});
