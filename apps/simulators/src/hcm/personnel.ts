/** What the platform does with its collections: numbers, versions, and the rules of its trade. */
import { seeds, COLLECTIONS, SITES, type Collection, type Entry } from './collections.js';

/** A refusal, with its HTTP status and a code. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly more: Readonly<Record<string, string>> = {},
  ) {
    super(code);
  }
}

type Body = Record<string, unknown>;

const HIRE_STAGES: Readonly<Record<string, readonly string[]>> = {
  NEW: ['ACCOUNT', 'VOID'],
  ACCOUNT: ['DONE', 'VOID'],
  DONE: [],
  VOID: [],
};
const SEPARATION_STAGES: Readonly<Record<string, readonly string[]>> = {
  PLANNED: ['LEFT', 'VOID'],
  LEFT: ['CLOSED'],
  CLOSED: [],
  VOID: [],
};

const tasks = (...codes: string[]) => codes.map((code) => ({ code, label: `Task ${code}`, ok: false }));

export class Personnel {
  private readonly kept = new Map<Collection, Map<string, Entry>>();
  private last = 7000;

  /** @param told called with each person that changed */
  constructor(
    private readonly now: () => Date,
    private readonly told: (person: Entry, event: string) => void,
  ) {
    for (const collection of COLLECTIONS) this.kept.set(collection, new Map());
    for (const [collection, entries] of Object.entries(seeds()))
      for (const entry of entries) this.put(collection as Collection, entry);
  }

  all(collection: Collection): Entry[] {
    return [...this.kept.get(collection)!.values()].sort((a, b) => (a.ref < b.ref ? -1 : 1));
  }

  one(collection: Collection, ref: string): Entry {
    const found = this.kept.get(collection)!.get(ref);
    if (!found) throw new Refusal(404, 'NO_SUCH_RECORD');
    return found;
  }

  make(collection: Collection, body: Body): Entry {
    const { clientRef: named } = body;
    const twin = this.all(collection).find(({ clientRef }) => clientRef !== undefined && clientRef === named);
    if (twin) throw new Refusal(409, 'DUPLICATE_CLIENT_REF', { ref: twin.ref });
    const begun = this.begin(collection, body);
    const entry = this.put(collection, begun);
    this.follow(collection, entry, undefined);
    return entry;
  }

  alter(collection: Collection, ref: string, body: Body, expected: number): Entry {
    const before = this.one(collection, ref);
    if (before.ver !== expected) throw new Refusal(412, 'VERSION_MISMATCH', { ver: String(before.ver) });
    this.refuseChange(collection, before, body);
    return this.set(collection, before, body);
  }

  private set(collection: Collection, before: Entry, body: Body): Entry {
    const members = Object.entries({ ...before, ...body }).filter(([, value]) => value !== null && value !== undefined);
    const entry = {
      ...Object.fromEntries(members),
      ref: before.ref,
      ver: before.ver + 1,
      touched: this.now().getTime(),
    } as Entry;
    this.kept.get(collection)!.set(entry.ref, entry);
    if (collection === 'people') this.told(entry, entry['empStat'] === 'T' ? 'person.left' : 'person.changed');
    this.follow(collection, entry, before);
    return entry;
  }

  private put(collection: Collection, body: Body): Entry {
    const ref = (body['ref'] as string | undefined) ?? String(++this.last);
    const members = Object.entries(body).filter(([, value]) => value !== null && value !== undefined);
    const entry = { ...Object.fromEntries(members), ref, ver: 1, touched: this.now().getTime() } as Entry;
    this.kept.get(collection)!.set(ref, entry);
    if (collection === 'people') this.told(entry, 'person.hired');
    return entry;
  }

  private get today(): string {
    return this.now().toISOString().slice(0, 10).replaceAll('-', '');
  }

  person(employeeNo: unknown): Entry {
    const found = this.all('people').find((one) => one['employeeNo'] === employeeNo);
    if (!found) throw new Refusal(422, 'UNKNOWN_CODE', { field: 'employeeNo' });
    return found;
  }

  private knownDepartment(dept: unknown): void {
    if (dept !== undefined && !this.all('departments').some(({ ref }) => ref === dept))
      throw new Refusal(422, 'UNKNOWN_CODE', { field: 'dept' });
  }

  private begin(collection: Collection, body: Body): Body {
    this.knownDepartment(body['dept'] ?? body['parent']);
    if ('employeeNo' in body) this.person(body['employeeNo']);
    if (body['site'] !== undefined && !SITES.some((site) => site === body['site']))
      throw new Refusal(422, 'UNKNOWN_CODE', { field: 'site' });
    if (collection === 'people') return { ...body, employeeNo: `E${++this.last}`, empStat: 'P' };
    if (collection === 'posts') return { ...body, stat: 'OPEN' };
    if (collection === 'departments' || collection === 'licences') return { ...body, stat: 'A' };
    if (collection === 'timecards') return { ...body, stat: 'E' };
    if (collection === 'jobRecords') return this.beginJob(body);
    if (collection === 'hires') return this.beginHire(body);
    return collection === 'separations' ? this.beginSeparation(body) : body;
  }

  private beginJob(body: Body): Body {
    const known = this.all('jobRecords').filter((one) => one['employeeNo'] === body['employeeNo']);
    if (known.some((one) => String(one['effFrom']) >= String(body['effFrom']))) throw new Refusal(409, 'LATER_RECORD');
    this.endJobs(body['employeeNo'], dayBefore(String(body['effFrom'])));
    return body;
  }

  private endJobs(employeeNo: unknown, effTo: string): void {
    for (const one of this.all('jobRecords'))
      if (one['employeeNo'] === employeeNo && one['effTo'] === undefined) this.set('jobRecords', one, { effTo });
  }

  private beginHire(body: Body): Body {
    const person = this.person(body['employeeNo']);
    const open = this.all('hires').some(
      (one) => one['employeeNo'] === body['employeeNo'] && /NEW|ACCOUNT/.test(String(one['stage'])),
    );
    if (open || !/P|T/.test(String(person['empStat']))) throw new Refusal(409, 'ALREADY_EMPLOYED');
    if (person['empStat'] === 'T')
      this.set('people', person, { empStat: 'P', joinDate: body['joinDate'], lastDate: null });
    return { ...body, stage: 'NEW', tasks: tasks('CONTRACT', 'LICENCE') };
  }

  private beginSeparation(body: Body): Body {
    const person = this.person(body['employeeNo']);
    const open = this.all('separations').some(
      (one) => one['employeeNo'] === body['employeeNo'] && one['stage'] === 'PLANNED',
    );
    if (open || person['empStat'] === 'T') throw new Refusal(409, 'ALREADY_LEAVING');
    const left = body['cutOff'] === 'NOW' || String(body['lastDate']) < this.today;
    return { ...body, stage: left ? 'LEFT' : 'PLANNED', tasks: tasks('BADGE', 'DEVICES') };
  }

  private refuseChange(collection: Collection, before: Entry, body: Body): void {
    this.knownDepartment(body['dept'] ?? body['parent'] ?? undefined);
    if (collection === 'jobRecords' && String(before['effFrom']) <= this.today) throw new Refusal(409, 'RECORD_BEGUN');
    const stages = collection === 'hires' ? HIRE_STAGES : collection === 'separations' ? SEPARATION_STAGES : undefined;
    const stage = body['stage'] as string | undefined;
    if (!stages || stage === undefined || stage === before['stage']) return;
    if (!stages[String(before['stage'])]!.includes(stage)) throw new Refusal(409, 'STAGE_ORDER');
    const open = ((body['tasks'] ?? before['tasks']) as { ok: boolean }[]).some(({ ok }) => !ok);
    if (stage === 'DONE' && open) throw new Refusal(409, 'TASKS_OPEN');
  }

  private follow(collection: Collection, entry: Entry, before: Entry | undefined): void {
    if (collection === 'people' && !before && entry['dept'] && entry['costCtr']) {
      const { employeeNo, site, dept, costCtr, reportsTo, joinDate } = entry;
      this.put('jobRecords', {
        employeeNo,
        site,
        dept,
        costCtr,
        reportsTo,
        effFrom: joinDate,
        fte: '1.00',
        why: 'HIR',
      });
    }
    if (collection === 'jobRecords' && String(entry['effFrom']) <= this.today && !before) {
      const { site = null, dept, costCtr, reportsTo = null, post = null } = entry;
      this.set('people', this.person(entry['employeeNo']), { site, dept, costCtr, reportsTo, post });
    }
    if (!/hires|separations/.test(collection) || before?.['stage'] === entry['stage']) return;
    const person = this.person(entry['employeeNo']);
    const stage = String(entry['stage']);
    if (collection === 'hires' && stage === 'DONE') this.set('people', person, { empStat: 'A' });
    if (collection === 'hires' && stage === 'VOID') this.set('people', person, { empStat: 'T', lastDate: this.today });
    if (stage === 'PLANNED') this.set('people', person, { lastDate: entry['lastDate'] });
    if (collection === 'separations' && stage === 'VOID') this.set('people', person, { lastDate: null });
    if (stage === 'LEFT') {
      this.endJobs(entry['employeeNo'], String(entry['lastDate']));
      this.set('people', person, { empStat: 'T', lastDate: entry['lastDate'] });
    }
  }
}

function dayBefore(day: string): string {
  const at = Date.UTC(Number(day.slice(0, 4)), Number(day.slice(4, 6)) - 1, Number(day.slice(6)) - 1);
  return new Date(at).toISOString().slice(0, 10).replaceAll('-', '');
}
