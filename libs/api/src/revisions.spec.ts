/** Resources that change: entity tags, conditional reads, and changes that say what they were decided on. */
import { mergePatch, refuseStale } from '@concord/canonical';
import { BEDS, Ward, wardApi, wardClients, VISITS, Bed } from './fixture/ward.js';
import { smallHost, type Answer, type SmallHost } from './fixture/small-host.js';
import { openApiOf } from './open-api.js';

const BED: Bed = {
  id: 'B-1',
  place: 'by the window',
  kind: 'adult',
  remark: 'creaks',
  fitting: { mattress: 'firm', rail: 'left' },
  revision: '1',
  changedAt: '2026-11-21T08:00:00Z',
};

let ward: Ward;
let host: SmallHost;
let bed: Bed;
let keys = 0;

beforeAll(async () => {
  ward = new Ward();
  host = await smallHost({ apis: [wardApi(ward)], clients: wardClients });
});

afterAll(() => host.stop());

beforeEach(() => {
  bed = BED;
  ward.readBed = () => bed;
  ward.listBeds = () => ({ items: [bed] });
  ward.changeBed = (_id, revision, change) => {
    refuseStale(revision, bed.revision);
    const changed = mergePatch(bed, change, Bed);
    return (bed = { ...changed, revision: String(Number(bed.revision) + 1) });
  };
});

const read = (at: string, headers: Record<string, string> = {}) => host.call('matron', at, { headers });

function change(change: unknown, headers: Record<string, string> = { 'if-match': '"1"' }, key = `k${(keys += 1)}`) {
  const merge = { 'content-type': 'application/merge-patch+json', ...headers };
  return host.call('matron', `${BEDS}/B-1`, { method: 'PATCH', headers: merge, body: change, key });
}

const faultsOf = ({ body }: Answer) => (body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer);

describe('reading what can change', () => {
  it('tags a resource by its revision, and does not send again what the caller holds', async () => {
    const first = await read(`${BEDS}/B-1`);
    expect(first.headers.get('etag')).toBe('"1"');
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    for (const held of ['"1"', 'W/"1"', '"0", "1"', '*']) {
      const again = await read(`${BEDS}/B-1`, { 'if-none-match': held });
      expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', '"1"']);
    }
    for (const held of ['"2"', '1', '"x,1"']) {
      expect((await read(`${BEDS}/B-1`, { 'if-none-match': held })).status).toBe(200);
    }
  });

  it('tags a page by what is in it', async () => {
    const first = await read(BEDS);
    const tag = first.headers.get('etag')!;
    expect(tag).toMatch(/^W\/"[\w-]{43}"$/);
    expect((await read(BEDS, { 'if-none-match': tag })).status).toBe(304);
    bed = { ...bed, remark: 'repaired' };
    const changed = await read(BEDS, { 'if-none-match': tag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(tag);
  });

  it('leaves alone what has no revision, and what was refused', async () => {
    const visit = await host.call('nurse', `${VISITS}/v1`, { headers: { 'if-none-match': '*' } });
    expect([visit.status, visit.headers.get('etag')]).toEqual([200, null]);
    const refused = await host.call('porter', BEDS, { headers: { 'if-none-match': '*' } });
    expect([refused.status, refused.headers.get('etag')]).toEqual([403, null]);
  });

  it('asks a list for what was changed since a moment', async () => {
    let asked: unknown;
    ward.listBeds = (query) => ((asked = query.changed_since), { items: [] });
    expect((await read(`${BEDS}?changed_since=2026-11-21T08:00:00Z`)).status).toBe(200);
    expect(asked).toBe('2026-11-21T08:00:00Z');
    expect(faultsOf(await read(`${BEDS}?changed_since=yesterday`))).toContain('/query/changed_since');
  });
});

describe('changing', () => {
  it('changes what is named, removes what is null, and tells the new revision', async () => {
    const changed = await change({ place: 'by the door', remark: null, fitting: { rail: null } });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).toBe('"2"');
    const { remark: _, ...rest } = BED;
    expect(changed.body).toEqual({ ...rest, place: 'by the door', fitting: { mattress: 'firm' }, revision: '2' });
  });

  it('refuses a change that does not say what it was decided on', async () => {
    const refused = await change({ place: 'by the door' }, {});
    expect([refused.status, refused.body['code']]).toEqual([428, 'precondition-required']);
    expect(bed).toEqual(BED);
  });

  it('refuses a change that was decided on an older revision, and tells the one there is', async () => {
    bed = { ...BED, revision: '9' };
    const refused = await change({ place: 'by the door' });
    expect([refused.status, refused.body['code'], refused.headers.get('etag')]).toEqual([412, 'stale', '"9"']);
    expect((await change({ place: 'by the door' }, { 'if-match': 'W/"9"' })).status).toBe(412);
    expect((await change({ place: 'by the door' }, { 'if-match': '9' })).status).toBe(400);
    expect((await change({ place: 'by the door' }, { 'if-match': '*' })).status).toBe(200);
  });

  it('gives its first answer to the same change again, though the revision is another by now', async () => {
    const first = await change({ place: 'by the door' }, { 'if-match': '"1"' }, 'the-same');
    const again = await change({ place: 'by the door' }, { 'if-match': '"1"' }, 'the-same');
    expect(again.status).toBe(200);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(bed.revision).toBe('2');
  });

  it('refuses what the change may not say, each with its pointer', async () => {
    const WRONG: [object, string[]][] = [
      [{ place: null }, ['/place']],
      [{ kind: 'cot' }, ['/kind']],
      [{ kind: null }, ['/kind']],
      [{ fitting: { mattress: null } }, ['/fitting/mattress']],
      [{ fitting: { pillow: 'soft' } }, ['/fitting']],
      [{ colour: 'white' }, ['']],
      [{ id: 'B-2' }, ['']],
    ];
    for (const [wrong, pointers] of WRONG) {
      const refused = await change(wrong);
      expect([refused.status, [...new Set(faultsOf(refused))]]).toEqual([422, pointers]);
    }
    expect(bed).toEqual(BED);
  });

  it('takes a merge patch only', async () => {
    const json = { 'content-type': 'application/json', 'if-match': '"1"' };
    expect((await change({ place: 'by the door' }, json)).status).toBe(415);
  });
});

it('promises all of it in the contract', async () => {
  const { paths, components } = await openApiOf(wardApi(new Ward()));
  const { get, patch } = paths['/system/ward/v1/beds/{id}']!;
  const headersOf = (operation: typeof get) =>
    (operation!.parameters as { in: string; name: string; required: boolean }[])
      .filter((parameter) => parameter.in === 'header')
      .map(({ name, required }) => `${name}${required ? '' : '?'}`)
      .sort();
  expect(headersOf(get)).toEqual(['If-None-Match?']);
  expect(headersOf(patch)).toEqual(['Idempotency-Key', 'If-Match']);
  expect(Object.keys(get!.responses)).toContain('304');
  expect(Object.keys(patch!.responses)).toEqual(expect.arrayContaining(['412', '428']));
  expect(get!.responses['200']).toHaveProperty('headers.ETag');
  expect(patch!.requestBody).toHaveProperty(['content', 'application/merge-patch+json']);
  const { BedChange: shape } = components!.schemas as Record<string, { properties: Record<string, object> }>;
  expect(shape!.properties['remark']).toMatchObject({ type: ['string', 'null'] });
  expect(shape!.properties['place']).toMatchObject({ type: 'string' });
  expect(shape).not.toHaveProperty('required');
});
