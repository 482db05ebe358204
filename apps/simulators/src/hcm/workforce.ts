/** What happens in the workforce by itself, night by night: one is hired, who came last moves, who moved last leaves. */
import { SITES, type Entry } from './collections.js';
import type { Personnel } from './personnel.js';

const NAMES = ['Kapok', 'Laburnum', 'Mangrove', 'Neem', 'Olivewood', 'Poplar', 'Quince', 'Rowan', 'Sumac', 'Teak'];

export class Workforce {
  private nights = 0;
  /** Employee numbers. Nobody of the seeds is touched. */
  private newest: string | undefined;
  private moved: string | undefined;

  constructor(private readonly personnel: Personnel) {}

  /** One night; days are `YYYYMMDD`. */
  pass(today: string, yesterday: string): void {
    this.nights += 1;
    if (this.moved) this.leave(this.moved, yesterday);
    if (this.newest) this.move(this.newest, today);
    this.moved = this.newest;
    this.newest = this.hire(today);
  }

  private hire(joinDate: string): string {
    const count = this.nights - 1;
    const tree = NAMES[count % NAMES.length]!;
    const known = { displayName: `${tree} Testworker`, jobFamily: 'RN', jobTitle: 'Synthetic', company: 'LSH' };
    const workMail = `${tree.toLowerCase()}${this.nights}.testworker@hr.example`;
    const person = this.personnel.make('people', { ...known, workMail, ...placeOf(count), joinDate });
    const employeeNo = String(person['employeeNo']);
    const hire = this.personnel.make('hires', { employeeNo, joinDate });
    const tasks = (hire['tasks'] as object[]).map((task) => ({ ...task, ok: true }));
    const ready = this.alter('hires', hire, { stage: 'ACCOUNT', tasks });
    this.alter('hires', ready, { stage: 'DONE' });
    return employeeNo;
  }

  private move(employeeNo: string, effFrom: string): void {
    const { site } = this.personnel.person(employeeNo);
    const place = placeOf(site === SITES[0] ? 1 : 0);
    this.personnel.make('jobRecords', { employeeNo, ...place, effFrom, fte: '1.00', why: 'XFR' });
  }

  private leave(employeeNo: string, lastDate: string): void {
    this.personnel.make('separations', { employeeNo, lastDate, why: 'RES', cutOff: 'EOD' });
  }

  private alter(collection: 'hires', { ref, ver }: Entry, body: Record<string, unknown>): Entry {
    return this.personnel.alter(collection, ref, body, ver);
  }
}

const placeOf = (number: number) => {
  const side = number % 2;
  return { site: SITES[side], dept: `D${10 + side}`, costCtr: `CC-${10 + side}`, reportsTo: `E${5001 + side}` };
};
