import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { guideOf, placeOf, readSet, readX12, type X12File, type X12Set } from './index.js';

// Sample files of five open projects (SOURCES.md beside them), which are not part of this repository.
const ROOT = process.env['CONCORD_TEST_DATA'] ?? join(import.meta.dirname, '../../../../..', 'shared', 'data');
const FOLDER = join(ROOT, 'x12');
const present = existsSync(FOLDER);
const suite = present ? describe : describe.skip;

/** Meant to be refused: their names say so. */
const BROKEN =
  /loop_errors|missing_required|segment_errors|out_of_order|ERR|Failed|Mismatch|Wrong|[/_]invalid|nonnumeric/;
/** Output of a parser, not X12; it lies beside the files all the same. */
const NOT_X12 = 'xlate__staedi/sample837-HL-nested-expected.txt';

const setsOf = (file: X12File): X12Set[] =>
  file.interchanges.flatMap(({ groups }) => groups.flatMap(({ sets }) => sets));
const faultsOf = (file: X12File) => [...file.faults, ...file.interchanges.flatMap(({ faults }) => faults)];

/** Why a file is refused, with the place, by a partner whose setting is `strict`; undefined where it is not. */
function refusal(bytes: Buffer): string | undefined {
  const file = readX12(bytes);
  const [finding] = setsOf(file).flatMap((set) => {
    const guide = guideOf(set);
    const findings = guide ? readSet(guide, set, { level: 2 }).findings : [];
    return findings.map(({ pointer, segment, offset }) => `${pointer} in segment ${segment} at byte ${offset}`);
  });
  const [fault] = faultsOf(file);
  return fault ? `${placeOf(fault.position)}: ${fault.detail}` : finding;
}

suite(`69 sample files${present ? '' : ' (skipped: point CONCORD_TEST_DATA at the test data)'}`, () => {
  const files = present ? globSync('*/*', { cwd: FOLDER }).sort() : [];
  const bytesOf = (file: string) => readFileSync(join(FOLDER, file));
  const meant = files.filter((file) => !BROKEN.test(file) && file !== NOT_X12);

  it('that are meant to be valid are read, every set of them', () => {
    const unread = meant.filter((file) => faultsOf(readX12(bytesOf(file), { strictness: 'lenient' })).length > 0);
    expect(unread).toEqual([]);
    expect(meant).toHaveLength(54);
  });

  it('that are broken on purpose are refused, with the place', () => {
    const broken = files.filter((file) => BROKEN.test(file));
    expect(broken).toHaveLength(14);
    for (const file of broken)
      expect([file, refusal(bytesOf(file))]).toEqual([file, expect.stringMatching(/at byte \d+/)]);
  });

  it('whose loops are broken are refused for that, also where wrong counts are forgiven', () => {
    const findings = files
      .filter((file) => file.startsWith('imsweb') && BROKEN.test(file))
      .map((file) => {
        const [set] = setsOf(readX12(bytesOf(file), { strictness: 'lenient' }));
        return readSet(guideOf(set!)!, set!, { level: 2 }).findings.map(({ code }) => code);
      });
    expect(findings).toEqual([
      expect.arrayContaining(['loop-repeats']),
      expect.arrayContaining(['loop-repeats']),
      expect.arrayContaining(['loop-missing']),
      ['segment-missing', 'segment-missing'],
      expect.arrayContaining(['segment-order']),
    ]);
  });

  it('that are no X12 at all are refused at their first byte', () => {
    if (!files.includes(NOT_X12)) return;
    const { interchanges, faults } = readX12(bytesOf(NOT_X12), { strictness: 'lenient' });
    expect([interchanges.length, faults[0]?.position.offset]).toEqual([0, 0]);
  });

  it('are counted', () => {
    const rows = Map.groupBy(files, dirname);
    const table = [...rows].map(([folder, names]) => {
      const read = names.map((name) => readX12(bytesOf(name), { strictness: 'lenient' }));
      return {
        folder,
        files: names.length,
        interchanges: read.reduce((sum, file) => sum + file.interchanges.length, 0),
        sets: read.reduce((sum, file) => sum + setsOf(file).length, 0),
        read: names.filter((name) => meant.includes(name)).length,
        strictly: names.filter((name) => meant.includes(name) && faultsOf(readX12(bytesOf(name))).length === 0).length,
        refused: names.filter((name) => BROKEN.test(name) && refusal(bytesOf(name)) !== undefined).length,
      };
    });
    const line = (cells: readonly (string | number)[]) =>
      cells.map((cell, at) => (at ? String(cell).padStart(13) : String(cell).padEnd(24))).join('');
    const lines = table.map((row) => line(Object.values(row)));
    process.stdout.write(`\n${[line(Object.keys(table[0]!)), ...lines].join('\n')}\n`);
    expect(table.reduce((sum, row) => sum + row.files, 0)).toBe(69);
    expect(table.reduce((sum, row) => sum + row.sets, 0)).toBeGreaterThanOrEqual(380);
  });
});
