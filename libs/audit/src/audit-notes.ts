import fs from 'node:fs';
import path from 'node:path';

/** How far the audit trail went at a moment: the position and hash of its last entry. It names nobody. */
export interface AuditNote {
  readonly position: number;
  /** SHA-256 in hex. */
  readonly hash: string;
  /** When it was noted. */
  readonly at: string;
}

/** What the notes say. */
export interface NotesRead {
  /** By position. */
  readonly notes: readonly AuditNote[];
  /** Lines and files that cannot be read. */
  readonly unreadable: number;
  /** Whether there is a note and the newest one can be read, so that an end that was cut off would show. */
  readonly vouch: boolean;
}

/** About 4,000 notes: a day and a half at one each half minute. */
const FILE_BYTES = 512 * 1024;
const FILES_KEPT = 4;
const FILE = /^audit-notes\.(\d{6,15})$/;

/**
 * Notes on the audit trail in a folder outside of the database: whoever cuts the trail off there has the notes against
 * him. Files are only ever appended to, one note a line, and begun anew when they are full; the newest four are kept. So
 * processes that share a folder need no lock, and a crash in the middle of a line leaves the lines around it readable.
 */
export class AuditNotes {
  /** @param everyMs how long an entry waits at most until it is noted */
  constructor(
    readonly folder: string,
    readonly everyMs: number,
  ) {}

  /** Makes the folder where it is missing. Throws where nothing can be noted in it, naming the setting. */
  static in(folder: string, everyMs = 30_000): AuditNotes {
    try {
      fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
      fs.accessSync(folder, fs.constants.W_OK | fs.constants.X_OK);
    } catch (error) {
      throw new Error(`AUDIT_NOTES_DIR names ${folder}, where no file can be written`, { cause: error });
    }
    return new AuditNotes(folder, everyMs);
  }

  /** Resolves when the note is on the disk. */
  async add(note: AuditNote): Promise<void> {
    const names = this.names();
    const newest = names.at(-1) ?? nameOf(1);
    const isFull = sizeOf(path.join(this.folder, newest)) >= FILE_BYTES;
    const name = isFull ? nameOf(numberOf(newest) + 1) : newest;
    const file = await fs.promises.open(path.join(this.folder, name), 'a', 0o600);
    try {
      await file.chmod(0o600);
      // The line break goes before: what a crash left of the line before does not spoil this one.
      await file.appendFile(`\n${JSON.stringify(note)}`);
      await file.sync();
    } finally {
      await file.close();
    }
    for (const old of names.filter((one) => numberOf(one) <= numberOf(name) - FILES_KEPT)) {
      await fs.promises.rm(path.join(this.folder, old), { force: true });
    }
  }

  /** At most some 16,000 notes; a file or line that cannot be read is counted. */
  async read(): Promise<NotesRead> {
    const notes: AuditNote[] = [];
    let unreadable = 0;
    let vouch = false;
    for (const name of this.namesIfReadable()) {
      for (const line of name === undefined ? [undefined] : await this.lines(name)) {
        const note = line === undefined ? undefined : noteIn(line);
        vouch = note !== undefined;
        if (note) notes.push(note);
        else unreadable += 1;
      }
    }
    notes.sort((a, b) => a.position - b.position);
    return { notes, unreadable, vouch };
  }

  /** The lines of a file; one that is undefined where it cannot be read, or is longer than we would have written. */
  private async lines(name: string): Promise<(string | undefined)[]> {
    const file = path.join(this.folder, name);
    try {
      if (sizeOf(file) > 2 * FILE_BYTES) return [undefined];
      return (await fs.promises.readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
    } catch {
      return [undefined];
    }
  }

  private namesIfReadable(): (string | undefined)[] {
    try {
      return this.names();
    } catch {
      return [undefined];
    }
  }

  /** The oldest first. */
  private names(): string[] {
    if (!fs.existsSync(this.folder)) return [];
    const names = fs.readdirSync(this.folder).filter((name) => FILE.test(name));
    return names.sort((a, b) => numberOf(a) - numberOf(b));
  }
}

const nameOf = (number: number): string => `audit-notes.${String(number).padStart(6, '0')}`;
const numberOf = (name: string): number => Number(FILE.exec(name)![1]);

const sizeOf = (file: string): number => fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;

function noteIn(line: string): AuditNote | undefined {
  try {
    const { position, hash, at } = JSON.parse(line) as Record<keyof AuditNote, unknown>;
    if (!Number.isSafeInteger(position) || typeof hash !== 'string' || typeof at !== 'string') return undefined;
    if (!/^[0-9a-f]{64}$/.test(hash) || Number.isNaN(Date.parse(at))) return undefined;
    return { position: position as number, hash, at };
  } catch {
    return undefined;
  }
}
