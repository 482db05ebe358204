import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { AuditNotes } from './index.js';

let folder: string;
beforeEach(() => (folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'concord-notes-')), 'notes')));
afterEach(() => fs.rmSync(path.dirname(folder), { recursive: true }));

const hash = (position: number) => String(position).padStart(64, '0');
const note = (position: number) => ({ position, hash: hash(position), at: '2026-11-21T10:00:00.000Z' });
const file = (number: number) => path.join(folder, `audit-notes.00000${number}`);

test('what was noted is read, also by another process, and only by the owner of the files', async () => {
  const notes = AuditNotes.in(folder);
  await notes.add(note(7));
  await AuditNotes.in(folder).add(note(9));
  await notes.add(note(8));
  expect(await notes.read()).toEqual({ notes: [7, 8, 9].map(note), unreadable: 0, vouch: true });
  expect(fs.statSync(file(1)).mode & 0o777).toBe(0o600);
  expect(fs.statSync(folder).mode & 0o777).toBe(0o700);
});

test('a folder without notes vouches for nothing', async () => {
  expect(await AuditNotes.in(folder).read()).toEqual({ notes: [], unreadable: 0, vouch: false });
});

test('a note that a crash broke off vouches for nothing, and spoils neither the one before nor the one after', async () => {
  const notes = AuditNotes.in(folder);
  await notes.add(note(7));
  fs.appendFileSync(file(1), `\n${JSON.stringify(note(8)).slice(0, 40)}`);
  expect(await notes.read()).toEqual({ notes: [note(7)], unreadable: 1, vouch: false });
  await notes.add(note(9));
  expect(await notes.read()).toEqual({ notes: [note(7), note(9)], unreadable: 1, vouch: true });
});

test('of very many notes the newest are kept', async () => {
  const notes = AuditNotes.in(folder);
  const full = Array.from({ length: 6000 }, (_, i) => `\n${JSON.stringify(note(i))}`).join('');
  for (let number = 1; number <= 6; number += 1) {
    await notes.add(note(10_000 + number));
    fs.appendFileSync(file(number), full);
  }
  expect(fs.readdirSync(folder)).toEqual([3, 4, 5, 6].map((number) => path.basename(file(number))));
  expect((await notes.read()).notes.at(-1)).toEqual(note(10_006));
});

test('a file of another making is not taken into memory', async () => {
  const notes = AuditNotes.in(folder);
  await notes.add(note(7));
  fs.writeFileSync(file(2), '\n'.repeat(2_000_000));
  expect(await notes.read()).toEqual({ notes: [note(7)], unreadable: 1, vouch: false });
});

test('a place where nothing can be noted is refused with the name of its setting', () => {
  fs.writeFileSync(folder, 'a file');
  expect(() => AuditNotes.in(folder)).toThrow(/^AUDIT_NOTES_DIR names .*notes, where no file can be written$/);
});
