import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { HostConfig, startHost, type Host } from '@concord/api';
import { Caller, freePort, waitUntil } from '@concord/testing';
import { sql } from 'kysely';
import operationsApi from '../api.js';
import type { AuditTrailVerification } from './audit-trail.dto.js';

const BASE = '/experience/operations/v1';
const AT = `${BASE}/audit-trail/verification`;
const dataDir = fs.mkdtempSync(join(tmpdir(), 'concord-audit-trail-'));
const file = join(dataDir, 'audit-notes.000001');
let host: Host;
let operations: Caller;
/** Position of the last entry at the restart. */
let noted: number;

async function start(settings: Partial<HostConfig> = {}): Promise<void> {
  // Noted at the start and the end only, however long the tests take.
  const config = { ...new HostConfig(), dataDir, port: await freePort(), auditNoteSeconds: 3600, ...settings };
  host = await startHost({ definitions: [operationsApi], config });
  operations = new Caller(host.url, 'operations');
}

async function stop(): Promise<void> {
  await operations.close();
  await host.stop();
}

const run = (statement: string) => sql.raw(statement).execute(host.platform.database);

async function length(): Promise<number> {
  await host.platform.audit.flush();
  const { rows } = await sql<{ head: number }>`select max(position) as head from audit.entry`.execute(
    host.platform.database,
  );
  return rows[0]!.head;
}

/** So many more lines in the audit trail; a read does not wait for its own. */
async function record(lines: number): Promise<void> {
  await Promise.all(Array.from({ length: lines }, () => operations.get(`${BASE}/runs`)));
  await host.platform.audit.flush();
}

const notesOf = () =>
  fs.existsSync(file)
    ? fs
        .readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object)
    : [];

const verify = async (query = '') => (await operations.get<AuditTrailVerification>(`${AT}${query}`)).body;

/** What is found after a change that only the owner of the database could make; then everything is as it was before. */
async function tampered(change: string, query = ''): Promise<AuditTrailVerification> {
  await host.platform.audit.flush();
  await run(`
    alter table audit.entry disable trigger entry_is_append_only;
    create table audit.kept as select * from audit.entry; ${change}`);
  try {
    return await verify(query);
  } finally {
    await host.platform.audit.flush();
    await run(`
      drop index if exists audit.moved;
      truncate audit.entry; insert into audit.entry select * from audit.kept; drop table audit.kept;
      alter table audit.entry enable trigger entry_is_append_only`);
  }
}

const places = ({ faults }: AuditTrailVerification) =>
  faults.map(({ kind, position, until }) => [kind, position, until]);

beforeAll(async () => {
  await start();
  await record(60);
  await stop();
  await start();
  noted = await length();
  await record(10);
});

afterAll(async () => {
  await stop();
  fs.rmSync(dataDir, { recursive: true });
});

test('a trail that nobody touched is whole over a restart, and its end is vouched for up to the last note', async () => {
  const verified = await verify();
  expect(verified).toMatchObject({ result: 'whole', faults: [], vouchedTo: noted, unreadableNotes: 0 });
  expect(verified.verifiedTo).toBeGreaterThanOrEqual(noted + 10);
  expect(verified.nextPageToken).toBeUndefined();
});

test('notes name nobody, and are read by their owner only', () => {
  expect(notesOf().length).toBeGreaterThan(0);
  for (const note of notesOf()) expect(Object.keys(note)).toEqual(['position', 'hash', 'at']);
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);
});

describe('it is told where', () => {
  test('a line was changed', async () => {
    const verified = await tampered(
      `update audit.entry set entry = replace(entry, 'success', 'conflict') where position = 7`,
    );
    expect([verified.result, places(verified)]).toEqual(['broken', [['changed', 7, 7]]]);
  });

  test('lines were taken out', async () => {
    const verified = await tampered('delete from audit.entry where position in (7, 8, 20)');
    expect([verified.result, places(verified)]).toEqual([
      'broken',
      [
        ['missing', 7, 8],
        ['missing', 20, 20],
      ],
    ]);
  });

  test('a line was put in', async () => {
    const verified = await tampered(`
      update audit.entry set position = -position where position > 7;
      update audit.entry set position = 1 - position where position < 0;
      insert into audit.entry select 8, at, '{}', hash from audit.entry where position = 7`);
    expect([verified.result, places(verified)]).toEqual(['broken', [['inserted', 8, 8]]]);
  });

  test('the end was cut off', async () => {
    const verified = await tampered('delete from audit.entry where position > 40');
    expect([verified.result, places(verified)]).toEqual(['broken', [['cut-off', 41, noted]]]);
    expect(verified).toMatchObject({ verifiedTo: 40, vouchedTo: noted });
  });

  test('the end was cut off and written anew', async () => {
    const verified = await tampered(`
      delete from audit.entry where position > 40;
      select audit.append(now(), array_agg('{}'::text)) from generate_series(1, 40)`);
    expect([verified.result, places(verified)]).toEqual(['broken', [['noted-otherwise', noted, noted]]]);
  });
});

test('a long trail is verified page by page, and what one page found is not forgotten on the last', async () => {
  const found: string[] = [];
  await tampered(`update audit.entry set entry = '{}' where position = 7`, '?page_size=5');
  let page = await verify('?page_size=25');
  for (;;) {
    found.push(page.result);
    expect(page.head).toBeGreaterThanOrEqual(page.verifiedTo);
    if (!page.nextPageToken) break;
    page = await verify(`?page_size=25&page_token=${page.nextPageToken}`);
  }
  expect(new Set(found.slice(0, -1))).toEqual(new Set(['whole-so-far']));
  expect(found.at(-1)).toBe('whole');

  const first = await tampered(`update audit.entry set entry = '{}' where position = 7`, '?page_size=25');
  const second = await verify(`?page_token=${first.nextPageToken}`);
  expect([first.result, second.result, second.faults]).toEqual(['broken', 'broken', []]);
});

test('a page that nobody was given is refused', async () => {
  const token = Buffer.from('{"position":"7"}').toString('base64url');
  const { status, body } = await operations.get(`${AT}?page_token=${token}`);
  expect([status, body]).toMatchObject([422, { code: 'validation-failed' }]);
});

describe('the end is not vouched for', () => {
  const kept = join(dataDir, 'kept');

  test('where the notes are lost', async () => {
    fs.renameSync(file, kept);
    expect(await verify()).toMatchObject({ result: 'end-not-vouched-for', faults: [], unreadableNotes: 0 });
    expect(await verify()).not.toHaveProperty('vouchedTo');
    fs.renameSync(kept, file);
    expect((await verify()).result).toBe('whole');
  });

  test('where the notes cannot be read', async () => {
    fs.renameSync(file, kept);
    fs.mkdirSync(file);
    expect(await verify()).toMatchObject({ result: 'end-not-vouched-for', unreadableNotes: 1 });
    fs.rmdirSync(file);
    fs.writeFileSync(file, Buffer.alloc(300, 1));
    expect(await verify()).toMatchObject({ result: 'end-not-vouched-for', unreadableNotes: 1 });
    fs.rmSync(file);
    fs.renameSync(kept, file);
  });

  test('where nothing is noted any more, as on a disk that is full', async () => {
    const verified = await tampered(`
      create table audit.aside as select * from audit.entry where position > ${noted};
      delete from audit.entry where position > ${noted};
      select audit.append(now() - interval '4 hours', array_agg('{}'::text)) from audit.aside;
      drop table audit.aside`);
    expect(verified).toMatchObject({ result: 'end-not-vouched-for', faults: [], vouchedTo: noted });
  });

  test('where a crash broke the last note off; the notes before still tell a cut', async () => {
    fs.copyFileSync(file, kept);
    fs.appendFileSync(file, '\n{"position":99999,"ha');
    expect(await verify()).toMatchObject({ result: 'end-not-vouched-for', unreadableNotes: 1, vouchedTo: noted });
    expect(places(await tampered('delete from audit.entry where position > 40'))).toEqual([['cut-off', 41, noted]]);
    fs.renameSync(kept, file);
  });
});

test('whoever may not is refused', async () => {
  const token = async (client: string, scope: string) => {
    const form = { grant_type: 'client_credentials', resource: `${host.url}/experience/operations`, scope };
    const response = await fetch(`${host.url}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${client}:demo-${client}`).toString('base64')}` },
      body: new URLSearchParams(form),
    });
    return ((await response.json()) as { access_token: string }).access_token;
  };
  const other = await operations.get(AT, { token: await token('operations', 'operations/run.read') });
  expect([other.status, other.body]).toMatchObject([403, { code: 'insufficient-scope' }]);
  const own = await operations.get(AT, { token: await token('operations', 'operations/audit-trail.read') });
  expect(own.status).toBe(200);
  expect((await operations.get(AT, { token: undefined })).status).toBe(401);
});

test('while there are new entries the head is noted in its rhythm, and a trail that contradicts its note is noted no more', async () => {
  await stop();
  await start({ auditNoteSeconds: 0.05, logLevel: 'fatal' });
  await record(5);
  const head = await length();
  await waitUntil('the head to be noted', async () => (await verify()).vouchedTo! >= head);
  const quiet = await waitUntil('nothing to be new', async () => {
    const before = notesOf().length;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return notesOf().length === before && before;
  });
  await run(`
    alter table audit.entry disable trigger entry_is_append_only;
    delete from audit.entry where position > 40;
    alter table audit.entry enable trigger entry_is_append_only`);
  await record(5);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await stop();
  await start({ auditNoteSeconds: 0.05, logLevel: 'fatal' });
  await record(100);
  expect(await length()).toBeGreaterThan(head);
  expect(notesOf()).toHaveLength(quiet);
  expect((await verify()).faults.at(0)).toMatchObject({ kind: 'noted-otherwise' });
});

test('a folder within that of the database is refused', async () => {
  const config = { ...new HostConfig(), dataDir, auditNotesDir: join(dataDir, 'postgres', 'notes') };
  await expect(startHost({ definitions: [operationsApi], config })).rejects.toThrow(
    /^AUDIT_NOTES_DIR names .*postgres.notes, which is in the folder of the database/,
  );
});
