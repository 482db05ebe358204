/** What the SFTP server can be told to do wrong, and to which request. */
export type SftpOperation = 'connect' | 'login' | 'list' | 'stat' | 'read' | 'write' | 'rename' | 'remove';

export interface SftpFault {
  readonly on: SftpOperation;
  /**
   * `drop`: the connection breaks before the request is answered. `refuse`: the request is refused. `slow`: it is
   * answered after `ms`. `reply-lost`: it is done, and the connection breaks before the answer.
   */
  readonly kind: 'drop' | 'refuse' | 'slow' | 'reply-lost';
  readonly ms?: number;
  /** Requests of this kind that pass before the first that fails; 0 where nothing is said. */
  readonly after?: number;
  /** Requests that fail; 1 where nothing is said. */
  readonly times?: number;
}

export class SftpFaults {
  private waiting: { fault: SftpFault; after: number; times: number }[] = [];

  add(fault: SftpFault): void {
    this.waiting.push({ fault, after: fault.after ?? 0, times: fault.times ?? 1 });
  }

  clear(): void {
    this.waiting = [];
  }

  /** The fault that the next request of this kind has to suffer. */
  next(operation: SftpOperation): SftpFault | undefined {
    const entry = this.waiting.find(({ fault }) => fault.on === operation);
    if (!entry) return undefined;
    if (entry.after > 0) {
      entry.after -= 1;
      return undefined;
    }
    entry.times -= 1;
    if (entry.times <= 0) this.waiting = this.waiting.filter((other) => other !== entry);
    return entry.fault;
  }
}
