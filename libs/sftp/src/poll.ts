import { setTimeout as pause } from 'node:timers/promises';
import type { RemoteFile } from './remote-file.js';

interface Polling {
  readonly list: () => Promise<RemoteFile[]>;
  readonly take: (file: RemoteFile) => Promise<unknown>;
  readonly clock: () => Date;
  readonly failed: (error: unknown) => void;
}

/** A file that could not be worked in waits this long at most before it is tried again. */
const LONGEST_WAIT_MS = 900_000;

interface Seen {
  readonly size: number;
  readonly modifiedAt: number;
  readonly failures: number;
  readonly notBefore: number;
}

/** Looks again and again; a file is taken once two looks found it alike. */
export class Poll {
  private readonly stopping = new AbortController();
  /** The files of the last look, no others: so it never holds more than the folder does. */
  private seen = new Map<string, Seen>();
  private working: Promise<void> | undefined;

  constructor(
    private readonly settings: { readonly pollMs: number },
    private readonly polling: Polling,
  ) {}

  start(): void {
    this.working = this.work();
  }

  stop = async (): Promise<void> => {
    this.stopping.abort();
    await this.working;
  };

  private get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private async work(): Promise<void> {
    while (!this.stopped) {
      await this.look().catch(this.polling.failed);
      await pause(this.settings.pollMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private async look(): Promise<void> {
    const files = await this.polling.list();
    const before = this.seen;
    this.seen = new Map(files.map((file) => [file.name, seenAs(file, before.get(file.name))]));
    for (const file of files) {
      if (this.stopped) return;
      if (this.isReady(file, before.get(file.name))) await this.takeOne(file);
    }
  }

  private isReady({ size, modifiedAt }: RemoteFile, before: Seen | undefined): boolean {
    if (before?.size !== size || before.modifiedAt !== modifiedAt.getTime()) return false;
    return this.polling.clock().getTime() >= before.notBefore;
  }

  private async takeOne(file: RemoteFile): Promise<void> {
    try {
      await this.polling.take(file);
    } catch (error) {
      this.polling.failed(error);
      const failures = (this.seen.get(file.name)?.failures ?? 0) + 1;
      const wait = Math.min(this.settings.pollMs * 2 ** failures, LONGEST_WAIT_MS);
      this.seen.set(file.name, {
        ...seenAs(file, undefined),
        failures,
        notBefore: this.polling.clock().getTime() + wait,
      });
    }
  }
}

function seenAs({ size, modifiedAt }: RemoteFile, before: Seen | undefined): Seen {
  const at = modifiedAt.getTime();
  const isSame = before?.size === size && before.modifiedAt === at;
  return isSame ? before : { size, modifiedAt: at, failures: 0, notBefore: 0 };
}
