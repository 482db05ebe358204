import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { configure } from '@concord/api';
import { migrate, openDatabase, startPostgres, type Database, type PostgresServer } from '@concord/database';
import { vendors } from '@concord/resilience';
import { sshKeyPair, startSftpServer, waitUntil, type SftpServer } from '@concord/testing';
import { sql } from 'kysely';
import type { Take, TakeInPieces } from './inbox.js';
import { mailboxMigrations } from './ledger.migrations.js';
import { Mailbox } from './mailbox.js';
import { mailboxConfig, mailboxSettings, type MailboxSettings } from './mailbox.settings.js';
import type { RemoteFile } from './remote-file.js';

const KEY = sshKeyPair();
const Config = mailboxConfig('TESTPARTNER', 'the test partner');

let folder: string;
let postgres: PostgresServer;
let database: Database;
let server: SftpServer;
let now: Date;
const open: Mailbox[] = [];

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'concord-sftp-'));
  postgres = await startPostgres({ dataDir: path.join(folder, 'pg'), log: () => undefined });
  database = openDatabase(postgres.url);
  await migrate(database, 'sftp', mailboxMigrations);
  await sql`create table work (name text, content text)`.execute(database);
});

beforeEach(async () => {
  now = new Date('2026-03-02T12:00:00Z');
  server = await startSftpServer({
    accounts: { concord: { password: 'test-secret', publicKey: KEY.public } },
    folders: ['/outbox', '/inbox', '/archive'],
  });
  await sql`truncate work; truncate sftp.taken; truncate sftp.put`.execute(database);
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((mailbox) => mailbox.close()));
  await server.close();
});

afterAll(async () => {
  await database.destroy();
  await postgres.stop();
  fs.rmSync(folder, { recursive: true });
});

function settings(wishes: Record<string, string> = {}): MailboxSettings {
  const environment = {
    TESTPARTNER_SFTP_PORT: String(server.port),
    TESTPARTNER_SFTP_PASSWORD: 'test-secret',
    TESTPARTNER_SFTP_POLL_SECONDS: '0.02',
    TESTPARTNER_SFTP_HOST_KEYS: server.fingerprint,
    ...wishes,
  };
  return mailboxSettings('test-partner', configure(Config, environment));
}

function mailbox(wishes: Record<string, string> = {}): Mailbox {
  const made = new Mailbox(settings(wishes), { database, clock: () => now });
  open.push(made);
  return made;
}

const work: Take = async ({ name, content }, tx) => {
  await sql`insert into work values (${name}, ${content.toString()})`.execute(tx);
};

async function worked(): Promise<string[]> {
  const { rows } = await sql<{ content: string }>`select content from work order by content`.execute(database);
  return rows.map(({ content }) => content);
}

async function takeAll(from: Mailbox, take = work): Promise<string[]> {
  const outcomes: string[] = [];
  for (const file of await from.list()) outcomes.push(await from.take(file, take));
  return outcomes;
}

describe('Who is on the other side', () => {
  it('is not trusted without a pinned host key, unless it is on loopback', () => {
    expect(() => settings({ TESTPARTNER_SFTP_HOST: 'sftp.example', TESTPARTNER_SFTP_HOST_KEYS: '' })).toThrow(
      'no host key is pinned for sftp.example',
    );
    expect(settings({ TESTPARTNER_SFTP_HOST_KEYS: '' }).hostKeys).toEqual([]);
    expect(() => settings({ TESTPARTNER_SFTP_HOST_KEYS: 'aa:bb' })).toThrow('is not a fingerprint');
  });

  it('is refused with another host key than the pinned one, and gets no password', async () => {
    server.fail({ on: 'login', kind: 'refuse' }); // a login would use this up
    const other = mailbox({ TESTPARTNER_SFTP_HOST_KEYS: `SHA256:${'A'.repeat(43)}` });
    await expect(other.list()).rejects.toMatchObject({ slug: 'upstream-unavailable', context: { reason: 'host-key' } });
    expect(other.health().failure).toBe('host-key');
    await expect(mailbox().list()).rejects.toMatchObject({ context: { reason: 'authentication' } });
  });

  it('lets us in by key, from a file that only its owner can read', async () => {
    const file = path.join(folder, 'id');
    fs.writeFileSync(file, KEY.private, { mode: 0o644 });
    const wishes = { TESTPARTNER_SFTP_PASSWORD: '', TESTPARTNER_SFTP_KEY_FILE: file };
    fs.chmodSync(file, 0o644);
    expect(() => settings(wishes)).toThrow('others than its owner can read the key file');
    fs.chmodSync(file, 0o600);
    const byKey = mailbox({ ...wishes, TESTPARTNER_SFTP_CREDENTIAL_EXPIRES: '2026-03-12' });
    await expect(byKey.list()).resolves.toEqual([]);
    expect(byKey.health()).toMatchObject({
      connectedSince: now,
      lastLookAt: now,
      credential: { kind: 'key', daysLeft: 9 },
    });
  });

  it('is not asked again with a wrong password before five minutes are over', async () => {
    const wrong = mailbox({ TESTPARTNER_SFTP_PASSWORD: 'wrong' });
    await expect(wrong.list()).rejects.toMatchObject({ context: { reason: 'authentication' }, retryAfter: 300 });
    server.fail({ on: 'connect', kind: 'drop' }); // a connection would use this up
    await expect(wrong.list()).rejects.toMatchObject({ context: { reason: 'authentication' } });
    await expect(mailbox().list()).rejects.toMatchObject({ context: { reason: 'connection' } });
  });
});

describe('A file for us', () => {
  it('is taken once and cleared away', async () => {
    server.write('/outbox/a.835', 'one');
    expect(await takeAll(mailbox())).toEqual(['taken']);
    expect(await worked()).toEqual(['one']);
    expect(server.list('/outbox')).toEqual([]);
  });

  it('is taken once, though it comes again; another content of the same name is another file', async () => {
    const box = mailbox({ TESTPARTNER_SFTP_ARCHIVE: '/archive' });
    for (const content of ['one', 'one', 'two']) {
      server.write('/outbox/a.835', content);
      await takeAll(box);
    }
    expect(await worked()).toEqual(['one', 'two']);
    const kept = server.list('/archive').map((name) => server.read(`/archive/${name}`).toString());
    expect(new Set(kept)).toEqual(new Set(['one', 'two']));
    expect(server.list('/outbox')).toEqual([]);
  });

  it('is taken once by two processes that see it at the same moment', async () => {
    server.write('/outbox/a.835', 'one');
    const [left, right] = [mailbox(), mailbox()];
    const [file] = await left.list();
    const outcomes = await Promise.allSettled([left.take(file!, work), right.take(file!, work)]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
    expect(await worked()).toEqual(['one']);
    expect(server.list('/outbox')).toEqual([]);
  });

  it.each([
    ['whole', (box: Mailbox, file: RemoteFile) => box.take(file, work)],
    [
      'in pieces',
      (box: Mailbox, file: RemoteFile) =>
        box.takeInPieces(file, async (_, pieces) => {
          const all: Buffer[] = [];
          for await (const piece of pieces) all.push(piece);
          const content = Buffer.concat(all);
          return (read, tx) => work({ ...read, content }, tx);
        }),
    ],
  ])('is not taken %s where its end came sooner than was listed', async (_, take) => {
    server.write('/outbox/a.835', 'one whole file');
    const box = mailbox();
    const [file] = await box.list();
    server.write('/outbox/a.835', 'one'); // as where a server reads on in a file that is just being taken away
    await expect(take(box, file!)).rejects.toMatchObject({ slug: 'upstream-unavailable', retryable: true });
    expect(await worked()).toEqual([]);
    expect(server.list('/outbox')).toEqual(['a.835']);
    expect(await takeAll(box)).toEqual(['taken']);
    expect(await worked()).toEqual(['one']);
  });

  it('stays and is taken again when working it in failed', async () => {
    server.write('/outbox/a.835', 'one');
    const box = mailbox();
    const fails: Take = async (file, tx) => {
      await work(file, tx);
      throw new Error('the store is full');
    };
    await expect(takeAll(box, fails)).rejects.toThrow('the store is full');
    expect(await worked()).toEqual([]);
    expect(await takeAll(box)).toEqual(['taken']);
    expect(await worked()).toEqual(['one']);
  });

  it('is taken once when the connection breaks in the middle of it, or before it is cleared away', async () => {
    server.write('/outbox/a.835', 'x'.repeat(300_000));
    const box = mailbox();
    server.fail({ on: 'read', kind: 'drop', after: 3 });
    await expect(takeAll(box)).rejects.toMatchObject({ retryable: true });
    server.fail({ on: 'remove', kind: 'drop' });
    await expect(takeAll(box)).rejects.toMatchObject({ retryable: true });
    expect(await takeAll(box)).toEqual(['known']);
    expect(await worked()).toHaveLength(1);
  });

  it('is taken in pieces once, though the connection breaks in the middle of it', async () => {
    server.write('/outbox/a.csv', 'x'.repeat(300_000));
    const box = mailbox();
    const lengths: number[] = [];
    const inPieces: TakeInPieces = async ({ name }, pieces) => {
      for await (const { length } of pieces) lengths.push(length);
      return async ({ size, sha256 }, tx) =>
        void (await sql`insert into work values (${name}, ${`${size} ${sha256}`})`.execute(tx));
    };
    const [file] = await box.list();
    server.fail({ on: 'read', kind: 'drop', after: 3 });
    await expect(box.takeInPieces(file!, inPieces)).rejects.toMatchObject({ retryable: true });
    expect(await worked()).toEqual([]);
    expect(await box.takeInPieces(file!, inPieces)).toBe('taken');
    const digest = createHash('sha256').update('x'.repeat(300_000)).digest('hex');
    expect(await worked()).toEqual([`300000 ${digest}`]);
    expect(Math.max(...lengths)).toBeLessThan(100_000);
    expect(server.list('/outbox')).toEqual([]);
  });

  it('is not read further than it may be large', async () => {
    server.write('/outbox/large.835', 'x'.repeat(500_000));
    const box = mailbox({ TESTPARTNER_SFTP_MAX_FILE_BYTES: '100000' });
    await expect(takeAll(box)).rejects.toMatchObject({ slug: 'payload-too-large' });
    server.write('/outbox/large.835', 'small');
    expect(await takeAll(box)).toEqual(['taken']);
  });

  it('is left alone while it is being written, by its name and by its size', async () => {
    const taken: string[] = [];
    server.write('/outbox/b.835.filepart', 'half');
    server.write('/outbox/.c.835', 'half');
    server.write('/outbox/a.835', '');
    let size = 0;
    const growing = setInterval(() => size < 12 && server.write('/outbox/a.835', 'x'.repeat((size += 1))), 10);
    const subscription = mailbox().subscribe(async ({ content }) => void taken.push(content.toString()));
    await waitUntil('the file', async () => taken.length > 0);
    clearInterval(growing);
    await subscription.stop();
    expect(taken).toEqual(['x'.repeat(12)]);
    expect(server.list('/outbox')).toEqual(['.c.835', 'b.835.filepart']);
  });

  it('is known by its age after a restart, while the partner is not at hand', async () => {
    server.write('/outbox/a.835', 'one');
    await takeAll(mailbox());
    const takenAt = now;
    now = new Date('2026-03-03T12:00:00Z');
    await Promise.all(open.splice(0).map((box) => box.close()));
    const wishes = { TESTPARTNER_SFTP_PORT: String(server.port) };
    await server.close();
    const subscription = mailbox(wishes).subscribe(work);
    const vendor = () =>
      vendors()
        .find(({ name }) => name === 'sftp.test-partner')!
        .health();
    await waitUntil('what is known of it', async () => vendor().heardAt && vendor().status === 'down');
    expect(vendor()).toMatchObject({ failure: 'connection', heardAt: takenAt });
    await subscription.stop();
  });

  it('does not wait behind one that cannot be worked in', async () => {
    server.write('/outbox/a.835', 'poison');
    server.write('/outbox/b.835', 'good');
    let tried = 0;
    const subscription = mailbox().subscribe(async (file, tx) => {
      if (file.name === 'a.835') {
        tried += 1;
        throw new Error('poison');
      }
      await work(file, tx);
    });
    await waitUntil('the good file', async () => (await worked()).length > 0);
    await subscription.stop();
    expect(tried).toBe(1); // the clock stands still, so its next turn has not come
    expect(server.list('/outbox')).toEqual(['a.835']);
  });

  it('leaves only a digest of its name where names are people', async () => {
    server.write('/outbox/TESTPERSON_ANNA.835', 'one');
    await takeAll(mailbox({ TESTPARTNER_SFTP_HASH_NAMES: 'true' }));
    const { rows } = await sql<{ name: string }>`select name from sftp.taken`.execute(database);
    expect(rows).toEqual([{ name: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  });
});

describe('A file for the partner', () => {
  const claim = Buffer.from('ISA*00*~');

  it('appears whole, under its name, once', async () => {
    const box = mailbox();
    expect(await box.put('a.837', claim)).toBe('written');
    expect(await box.put('a.837', claim)).toBe('there');
    expect(server.list('/inbox')).toEqual(['a.837']);
    expect(server.read('/inbox/a.837')).toEqual(claim);
    await expect(box.put('a.837', Buffer.from('another'))).rejects.toMatchObject({ slug: 'conflict' });
  });

  it('is not put again when the answer was lost and the partner has fetched it since', async () => {
    server.fail({ on: 'rename', kind: 'reply-lost' });
    await expect(mailbox().put('a.837', claim)).rejects.toMatchObject({ retryable: true });
    expect(server.list('/inbox')).toEqual(['a.837']);
    server.remove('/inbox/a.837');
    expect(await mailbox().put('a.837', claim)).toBe('there');
    expect(server.list('/inbox')).toEqual([]);
  });

  it.each(['write', 'stat', 'rename'] as const)('is put once when the connection breaks at %s', async (on) => {
    server.fail({ on, kind: 'drop' });
    await expect(mailbox().put('a.837', claim)).rejects.toMatchObject({ retryable: true });
    expect(await mailbox().put('a.837', claim)).toBe('written');
    expect(server.list('/inbox')).toEqual(['a.837']);
    expect(server.read('/inbox/a.837')).toEqual(claim);
  });

  it('is put once by ten callers at the same time', async () => {
    const box = mailbox();
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => box.put('a.837', claim)));
    const done = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(done.filter((outcome) => outcome === 'written')).toHaveLength(1);
    expect(server.list('/inbox')).toEqual(['a.837']);
  });

  it('is refused where the partner refuses it, without the name in the answer', async () => {
    server.fail({ on: 'write', kind: 'refuse' });
    const refusal = await mailbox()
      .put('TESTPERSON.837', claim)
      .catch((error: Error) => error);
    expect(refusal).toMatchObject({ slug: 'upstream-rejected', context: { reason: 'permission-denied' } });
    expect(JSON.stringify(refusal)).not.toContain('TESTPERSON');
  });
});

describe('A connection', () => {
  it('that is gone is made anew', async () => {
    const box = mailbox();
    await box.list();
    server.hangUp();
    await waitUntil('the end of the connection', async () => box.health().connectedSince === undefined);
    await expect(box.list()).resolves.toEqual([]);
  });

  it('that fails is tried again later and later, and callers are told when', async () => {
    server.fail({ on: 'connect', kind: 'drop', times: 2 });
    const box = mailbox();
    await expect(box.list()).rejects.toMatchObject({ retryAfter: 1 });
    now = new Date(now.getTime() + 500);
    await expect(box.list()).rejects.toMatchObject({ context: { reason: 'connection' } });
    now = new Date(now.getTime() + 500);
    await expect(box.list()).rejects.toMatchObject({ slug: 'upstream-unavailable' }); // not yet: nothing was tried
    now = new Date(now.getTime() + 500);
    await expect(box.list()).resolves.toEqual([]);
  });

  it('that does not answer in time is given up', async () => {
    const box = mailbox({ TESTPARTNER_SFTP_TIMEOUT_SECONDS: '0.5' });
    await box.list();
    server.fail({ on: 'list', kind: 'slow', ms: 5000 });
    await expect(box.list()).rejects.toMatchObject({ slug: 'upstream-timeout' });
    await expect(box.list()).resolves.toEqual([]);
  });
});

describe('A mailbox that is looked into, and of which nothing can be read', () => {
  const health = () => {
    const { status, failure, connectedSince } = vendors()
      .find(({ name }) => name === 'sftp.test-partner')!
      .health();
    return { status, failure, connectedSince };
  };
  const unreadable = (reason: string) => ({
    status: 'down',
    failure: `files are listed but cannot be read: ${reason}`,
    connectedSince: undefined,
  });
  const well = { status: 'up', failure: undefined, connectedSince: expect.any(Date) };

  it('is down, though it lists, until a file is read', async () => {
    server.write('/outbox/a.835', 'one');
    const box = mailbox();
    server.fail({ on: 'read', kind: 'drop', times: 100 });
    await expect(takeAll(box)).rejects.toMatchObject({ retryable: true });
    await box.list();
    expect(health()).toEqual(unreadable('connection'));
    expect(await box.put('a.837', Buffer.from('claim'))).toBe('written');
    expect(health()).toEqual(unreadable('connection'));
    server.clearFaults();
    expect(await takeAll(box)).toEqual(['taken']);
    expect(health()).toEqual(well);
  });

  it('says so where it is not allowed', async () => {
    server.write('/outbox/a.835', 'one');
    const box = mailbox();
    server.fail({ on: 'read', kind: 'refuse', times: 100 });
    await expect(takeAll(box)).rejects.toMatchObject({ slug: 'upstream-rejected' });
    await box.list();
    expect(health()).toEqual(unreadable('permission-denied'));
  });

  it('is well again where the partner takes away what could not be read', async () => {
    server.write('/outbox/a.835', 'one');
    const box = mailbox();
    server.fail({ on: 'read', kind: 'drop' });
    await expect(takeAll(box)).rejects.toMatchObject({ retryable: true });
    server.remove('/outbox/a.835');
    await box.list();
    expect(health()).toEqual(well);
  });

  it('is not down for one file that fails again and again while others are read', async () => {
    server.write('/outbox/a.835', 'one');
    const box = mailbox();
    const [odd] = await box.list();
    server.fail({ on: 'read', kind: 'drop' });
    await expect(box.take(odd!, work)).rejects.toMatchObject({ retryable: true });
    server.write('/outbox/b.835', 'two');
    const [, good] = await box.list();
    expect(await box.take(good!, work)).toBe('taken');
    server.fail({ on: 'read', kind: 'drop' });
    await expect(box.take(odd!, work)).rejects.toMatchObject({ retryable: true });
    await box.list();
    expect(health()).toEqual(well);
  });

  it('is down where every file ends early', async () => {
    server.write('/outbox/a.835', 'whole');
    const box = mailbox();
    const [file] = await box.list();
    server.write('/outbox/a.835', 'who');
    await expect(box.take(file!, work)).rejects.toMatchObject({ retryable: true });
    await box.list();
    expect(health()).toEqual(unreadable('they end early'));
  });

  it('is well where it is we who cannot work a file in', async () => {
    server.write('/outbox/a.csv', 'one');
    const box = mailbox();
    const [file] = await box.list();
    const failing: TakeInPieces = async (_, pieces) => {
      for await (const piece of pieces) throw new Error(`${piece.length} bytes too many`);
      return async () => undefined;
    };
    await expect(box.takeInPieces(file!, failing)).rejects.toThrow('3 bytes too many');
    expect(health()).toEqual(well);
    server.write('/outbox/b.csv', 'x'.repeat(200));
    const small = mailbox({ TESTPARTNER_SFTP_MAX_FILE_BYTES: '100' });
    const large = (await small.list())[1]!;
    await expect(small.take(large, work)).rejects.toMatchObject({ slug: 'payload-too-large' });
    expect(health()).toEqual(well);
  });
});
