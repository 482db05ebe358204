/** Bulk Data Access 2.0 (§Bulk Data Export): a job that is ready after a while, and its files of ndjson. */
import type { SimulatorClock } from '../clock.js';
import type { EhrRecord } from './record.js';

const WORK_MS = 1000;
const LINES_A_FILE = 1000;
const MOST_JOBS = 100;

interface Job {
  readonly request: string;
  readonly readyAt: number;
  readonly transactionTime: string;
  readonly files: readonly { readonly type: string; readonly lines: readonly string[] }[];
}

export class BulkExport {
  private readonly jobs = new Map<string, Job>();
  private begun = 0;

  constructor(
    private readonly record: EhrRecord,
    private readonly clock: SimulatorClock,
  ) {}

  /** What is there now is what will be exported; answers the job's id. */
  begin(request: string, types: readonly string[], since: string | undefined): string {
    if (this.jobs.size >= MOST_JOBS) throw new Error(`More than ${MOST_JOBS} exports were begun and never deleted`);
    const wanted = types.length ? types : this.record.typesHeld().filter((type) => type !== 'Subscription');
    const files = wanted.flatMap((type) => {
      const lines = this.record
        .all(type)
        .filter(({ meta }) => since === undefined || meta.lastUpdated >= since)
        .map((one) => JSON.stringify(one));
      const parts = [];
      for (let at = 0; at < lines.length; at += LINES_A_FILE)
        parts.push({ type, lines: lines.slice(at, at + LINES_A_FILE) });
      return parts;
    });
    const id = `export-${(this.begun += 1)}`;
    const readyAt = this.clock.now().getTime() + WORK_MS;
    this.jobs.set(id, { request, readyAt, transactionTime: this.record.now.toISOString(), files });
    return id;
  }

  /** The manifest; seconds to wait where it is not ready yet; undefined where there is no such job. */
  manifest(id: string, base: string): object | number | undefined {
    const job = this.jobs.get(id);
    if (!job) return undefined;
    const wait = job.readyAt - this.clock.now().getTime();
    if (wait > 0) return Math.ceil(wait / 1000);
    const output = job.files.map(({ type, lines }, i) => ({
      type,
      url: `${base}/bulk/${id}/${i}`,
      count: lines.length,
    }));
    const { transactionTime, request } = job;
    return { transactionTime, request, requiresAccessToken: true, output, error: [] };
  }

  file(id: string, index: number): readonly string[] | undefined {
    return this.jobs.get(id)?.files[index]?.lines;
  }

  delete(id: string): boolean {
    return this.jobs.delete(id);
  }

  /** Jobs that nobody has deleted. */
  get open(): number {
    return this.jobs.size;
  }
}
