/**
 * A CSV file of batch adjustments, by a declared profile: a header with the number of the batch, one line an adjustment, and
 * a trailer with the count and the total of the lines. Nothing of a line is guessed: what cannot be read is reported.
 *
 *     HEADER,WO-2026-11-20
 *     CLM-000123,WO,12.50,USD,2026-11-20,Small balance
 *     TRAILER,1,12.50
 */
import { money, Problem, total, type AdjustmentBatch, type NewClaimAdjustment } from '@concord/canonical';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import type { AdjustmentBatchReport } from '@concord/canonical';
import { ADJUSTMENT_PROFILE } from './adjustment.profile.js';

export interface AdjustmentFile {
  readonly batch: AdjustmentBatch;
  /** Why a line cannot be entered, by its place. */
  readonly faults: ReadonlyMap<number, string>;
}

const AMOUNT = /^-?\d{1,13}(\.\d{1,2})?$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const CODE = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;
const MOST_LINES = 10_000;

/** Throws `malformed`, with the line, for a file whose frame or whose amounts cannot be read: its total proves nothing. */
export function adjustmentFile(content: Buffer): AdjustmentFile {
  const rows = rowsOf(content);
  const [header = [], ...rest] = rows;
  const trailer = rest.pop() ?? [];
  if (header[0] !== ADJUSTMENT_PROFILE.header || !CODE.test(header[1] ?? ''))
    throw malformed(1, 'no header with a batch');
  if (trailer[0] !== ADJUSTMENT_PROFILE.trailer) throw malformed(rows.length, 'no trailer: the file is cut off');
  if (Number(trailer[1]) !== rest.length) {
    throw malformed(rows.length, `a trailer that counts ${Number(trailer[1])} lines, but ${rest.length} came`);
  }
  if (!AMOUNT.test(trailer[2] ?? '')) throw malformed(rows.length, 'a total that is no amount');
  if (!rest.length || rest.length > MOST_LINES) throw malformed(rows.length, `not between 1 and ${MOST_LINES} lines`);
  const faults = new Map<number, string>();
  const adjustments = rest.map((row, i) => {
    const fault = faultOf(row);
    if (fault) faults.set(i, fault);
    return adjustmentOf(row, i + 2);
  });
  return {
    batch: { batch: header[1]!, adjustments, total: money(trailer[2]!, adjustments[0]!.amount.currency) },
    faults,
  };
}

function rowsOf(content: Buffer): string[][] {
  try {
    const { separator } = ADJUSTMENT_PROFILE;
    return parse(content, {
      delimiter: separator,
      bom: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
    });
  } catch (error) {
    const line = (error as { lines?: number }).lines ?? 1;
    throw malformed(line, 'a line that is no CSV');
  }
}

function adjustmentOf(row: readonly string[], line: number): NewClaimAdjustment {
  const { columns, kinds } = ADJUSTMENT_PROFILE;
  const at = (name: keyof typeof columns): string => row[columns[name]] ?? '';
  if (!AMOUNT.test(at('amount'))) throw malformed(line, 'an amount that cannot be read');
  if (!/^[A-Z]{3}$/.test(at('currency'))) throw malformed(line, 'no currency');
  return {
    claimNumber: at('claimNumber'),
    kind: kinds[at('kind')] ?? 'correction',
    amount: money(at('amount'), at('currency')),
    effectiveOn: at('effectiveOn'),
    reason: at('reason').slice(0, 200),
  };
}

/** What is wrong with a line whose amount is right; the value itself is not repeated. */
function faultOf(row: readonly string[]): string | undefined {
  const { columns, kinds } = ADJUSTMENT_PROFILE;
  if (!CODE.test(row[columns.claimNumber] ?? '')) return 'The claim number cannot be read';
  if (!Object.hasOwn(kinds, row[columns.kind] ?? '')) return `The kind is none of ${Object.keys(kinds).join(', ')}`;
  const day = row[columns.effectiveOn] ?? '';
  if (!DAY.test(day) || Number.isNaN(Date.parse(day))) return 'The effective day is no day';
  return row[columns.reason] ? undefined : 'The reason is missing';
}

const malformed = (line: number, what: string): Problem =>
  new Problem('malformed', `Line ${line}: the file has ${what}`, {
    errors: [{ pointer: `/lines/${line}`, code: 'adjustment-file', detail: `The file has ${what}` }],
  });

/** What became of every line, for the sender; its trailer proves that nothing was lost between the two files. */
export function reportFile({ batch, status, reason, entered, refused, lines }: AdjustmentBatchReport): Buffer {
  const rows = [
    [ADJUSTMENT_PROFILE.header, batch, status, reason ?? ''],
    ...lines.map(({ outcome, adjustmentId, reason: why }, i) => [i + 1, outcome, adjustmentId ?? '', why ?? '']),
    [
      ADJUSTMENT_PROFILE.trailer,
      lines.length,
      entered.amount,
      refused.amount,
      total([entered, refused], entered.currency).amount,
    ],
  ];
  return Buffer.from(stringify(rows));
}

/** The same for a file of which nothing could be read. */
export const refusalFile = (why: string): Buffer =>
  Buffer.from(
    stringify([
      [ADJUSTMENT_PROFILE.header, '', 'refused', why],
      [ADJUSTMENT_PROFILE.trailer, 0, '0.00', '0.00', '0.00'],
    ]),
  );
