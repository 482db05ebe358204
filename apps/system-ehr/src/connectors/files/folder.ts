import { createReadStream } from 'node:fs';
import { access, constants, mkdir, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '@concord/canonical';
import { log } from '@concord/observability';
import { isUnfinished } from '@concord/sftp';

/** A file to be read piece by piece, as often as one likes. */
export interface SourceFile {
  readonly name: string;
  readonly writtenAt: Date;
  readonly pieces: () => AsyncIterable<Buffer>;
}

const TAKEN = 'taken';
const MOST_FILES = 10_000;

/**
 * A folder into which somebody puts files: each is taken once two looks found it alike, and then moved to `taken` below it.
 * One that cannot be taken stays where it is and is tried at the next look.
 */
export class Folder {
  private readonly stopping = new AbortController();
  private seen = new Map<string, string>();
  private working: Promise<void> | undefined;

  constructor(
    private readonly folder: string,
    private readonly pollMs: number,
    private readonly take: (file: SourceFile) => Promise<void>,
  ) {}

  start(): void {
    this.working = this.work();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.working;
  }

  /** Whether the folder is there, and ours to read and to clear. */
  async probe(): Promise<void> {
    try {
      await access(this.folder, constants.R_OK | constants.W_OK);
    } catch (cause) {
      throw new Problem('upstream-unavailable', 'The folder of the extracts cannot be used', { cause });
    }
  }

  private async work(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.look().catch((error: unknown) => log.error('files.folder.failed', { error }));
      await pause(this.pollMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async look(): Promise<void> {
    await mkdir(join(this.folder, TAKEN), { recursive: true });
    const entries = await readdir(this.folder, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile() && !isUnfinished(entry.name)).map(({ name }) => name);
    const before = this.seen;
    this.seen = new Map();
    for (const name of names.sort().slice(0, MOST_FILES)) {
      if (this.stopping.signal.aborted) return;
      const path = join(this.folder, name);
      const { size, mtime } = await stat(path);
      const looks = `${size} ${mtime.getTime()}`;
      this.seen.set(name, looks);
      if (before.get(name) === looks) await this.takeOne(path, name, mtime);
    }
  }

  private async takeOne(path: string, name: string, writtenAt: Date): Promise<void> {
    try {
      await this.take({ name, writtenAt, pieces: () => createReadStream(path) });
      await rename(path, join(this.folder, TAKEN, name));
    } catch (error) {
      log.error('files.take.failed', { error });
    }
  }
}
