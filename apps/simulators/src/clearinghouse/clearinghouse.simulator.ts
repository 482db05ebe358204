/**
 * A clearinghouse with the payers behind it, spoken to over SFTP: 837 files in `/inbox`; 999 and 277CA come back to
 * `/outbox` at once, an 835 after some days of the simulator's clock. What becomes of a claim follows from the claim alone.
 *
 * Account `concord`, password `demo-clearinghouse`. Faults are told by what they spoil (`999`, `277`, `835`: lost,
 * duplicate, malformed, wrong-schema, out-of-order) or by the request (`connect`, `list`, `read`, `write`, `rename`: reset,
 * reply-lost, timeout, maintenance).
 */
import type { SftpOperation, SftpServer } from '@concord/testing';
import type { Fault, FaultKind } from '../faults.js';
import { spoiled, startMailbox } from '../sftp.js';
import type { Simulator, SimulatorOptions } from '../simulator.js';
import { answersTo, type Answer } from './answers.js';

export const CLEARINGHOUSE_ACCOUNT = { username: 'concord', password: 'demo-clearinghouse' } as const;

export interface ClearinghouseSimulator extends Simulator {
  /** What a client pins. */
  readonly fingerprint: string;
  readonly port: number;
  /** Its files, for a test that wants to look. */
  readonly server: SftpServer;
}

export interface ClearinghouseOptions extends SimulatorOptions {
  /** Days of its clock between a claim and its payment; 14 where nothing is said. */
  readonly paysAfterDays?: number;
  /** Where every file that came is kept as well, for a test that wants to see it. */
  readonly keep?: Buffer[];
}

const LOOK_MS = 50;
const DAY_MS = 86_400_000;

export async function startClearinghouseSimulator(options: ClearinghouseOptions): Promise<ClearinghouseSimulator> {
  const { clock, faults, dataDir, paysAfterDays = 14 } = options;
  const { username, password } = CLEARINGHOUSE_ACCOUNT;
  const server = await startMailbox(dataDir, {
    accounts: { [username]: { password } },
    folders: ['/inbox', '/outbox'],
    port: options.port,
  });

  /** Control numbers of what it sends, one for each interchange. */
  let control = 0;
  let late: (() => void) | undefined;

  const place = (kind: Answer['kind'], number: number, content: Buffer, copy = ''): void => {
    server.write(`/outbox/${String(number).padStart(9, '0')}-${kind}${copy}.x12`, content);
  };
  const send = ({ kind, write }: Answer): void => {
    const fault = faults.next(kind);
    if (fault?.kind === 'lost') return;
    const number = (control += 1);
    const content = spoiled(write(number, clock.now()), fault);
    const put = () => {
      place(kind, number, content);
      if (fault?.kind === 'duplicate') place(kind, number, content, '-again');
    };
    if (fault?.kind === 'out-of-order') {
      late = put;
      return;
    }
    put();
    late?.();
    late = undefined;
  };

  const look = (): void => {
    for (const operation of OPERATIONS) tellServer(server, operation, faults.next(operation));
    for (const name of server.list('/inbox').filter((file) => !file.endsWith('.tmp'))) {
      const file = server.read(`/inbox/${name}`);
      server.remove(`/inbox/${name}`);
      options.keep?.push(file);
      const { atOnce, payments } = answersTo(file);
      atOnce.forEach(send);
      if (payments.length) clock.after(paysAfterDays * DAY_MS, () => payments.forEach(send));
    }
  };
  const looking = setInterval(look, LOOK_MS);

  return {
    url: `sftp://127.0.0.1:${server.port}`,
    port: server.port,
    fingerprint: server.fingerprint,
    server,
    close: () => {
      clearInterval(looking);
      return server.close();
    },
  };
}

const OPERATIONS: readonly SftpOperation[] = ['connect', 'list', 'read', 'write', 'rename', 'remove'];

const ON_THE_WIRE = {
  reset: 'drop',
  'reply-lost': 'reply-lost',
  timeout: 'slow',
  'slow-drip': 'slow',
  maintenance: 'refuse',
} as const satisfies Partial<Record<FaultKind, string>>;

const NEVER_MS = 600_000;

function tellServer(server: SftpServer, on: SftpOperation, fault: Fault | undefined): void {
  const kind =
    fault && (ON_THE_WIRE as Partial<Record<FaultKind, 'drop' | 'reply-lost' | 'slow' | 'refuse'>>)[fault.kind];
  if (!kind) return;
  server.fail({ on, kind, ms: fault.kind === 'timeout' ? NEVER_MS : (fault.delayMs ?? 50) });
}
