/**
 * The suppliers behind one SFTP mailbox: 850 and 860 files in `/inbox`; 997, 855, 865, 832 and 846 come back to `/outbox` at once, 856
 * and 810 on the next days of the simulator's clock.
 *
 * Account `concord`, password `demo-suppliers`. Faults are told by what they spoil (`997`, `855`, `865`, `856`, `810`,
 * `832`, `846`: lost, duplicate, malformed, wrong-schema, out-of-order; `850`: wrong-schema, which they then cannot read) or by the request (`connect`, `list`, `read`, `write`,
 * `rename`: reset, reply-lost, maintenance).
 */
import fs from 'node:fs';
import path from 'node:path';
import { sshKeyPair, startSftpServer, type SftpOperation, type SftpServer } from '@concord/testing';
import type { Fault, FaultKind } from '../faults.js';
import type { Simulator, SimulatorOptions } from '../simulator.js';
import type { Answer } from './answer.js';
import { answersTo } from './answers.js';
import type { OrderedLine } from './standing.js';

export const SUPPLIERS_ACCOUNT = { username: 'concord', password: 'demo-suppliers' } as const;

export interface SuppliersSimulator extends Simulator {
  /** What a client pins. */
  readonly fingerprint: string;
  readonly port: number;
  /** Its files, for a test that wants to look. */
  readonly server: SftpServer;
}

const LOOK_MS = 50;
const DAY_MS = 86_400_000;
const REQUESTS: readonly SftpOperation[] = ['connect', 'list', 'read', 'write', 'rename', 'remove'];
const ON_THE_WIRE: Partial<Record<FaultKind, 'drop' | 'reply-lost' | 'slow' | 'refuse'>> = {
  reset: 'drop',
  'reply-lost': 'reply-lost',
  'slow-drip': 'slow',
  maintenance: 'refuse',
};

export async function startSuppliersSimulator(options: SimulatorOptions): Promise<SuppliersSimulator> {
  const { clock, faults, dataDir, port } = options;
  const { username, password } = SUPPLIERS_ACCOUNT;
  const settings = {
    accounts: { [username]: { password } },
    folders: ['/inbox', '/outbox'],
    hostKey: hostKeyIn(dataDir),
  };
  // A port that is taken is no reason not to run.
  const server = await startSftpServer({ ...settings, port }).catch(() => startSftpServer(settings));

  /** Control numbers of what they send, one for each interchange. */
  let control = 0;
  let late: (() => void) | undefined;
  /** How far each order has come; what was cancelled is neither sent off nor invoiced. */
  const cancelled = new Set<string>();
  const gone = new Set<string>();
  const orders = new Map<string, readonly OrderedLine[]>();
  const cancel = (order: string): boolean => {
    if (!gone.has(order)) cancelled.add(order);
    return cancelled.has(order);
  };

  const standing = {
    isDeaf: () => faults.next('850')?.kind === 'wrong-schema',
    cancel,
    note: (order: string, lines: readonly OrderedLine[]) => void orders.set(order, lines),
    linesOf: (order: string) => orders.get(order),
    isGone: (order: string) => gone.has(order),
    isCancelled: (order: string) => cancelled.has(order),
  };

  const send = ({ kind, order = '', write }: Answer): void => {
    if (cancelled.has(order) && (kind === '856' || kind === '810')) return;
    if (kind === '856') gone.add(order);
    const fault = faults.next(kind);
    if (fault?.kind === 'lost') return;
    const number = (control += 1);
    const content = spoiled(write(number, clock.now()), fault);
    const put = (copy = '') => server.write(`/outbox/${String(number).padStart(9, '0')}-${kind}${copy}.x12`, content);
    if (fault?.kind === 'out-of-order') {
      late = put;
      return;
    }
    put();
    if (fault?.kind === 'duplicate') put('-again');
    late?.();
    late = undefined;
  };

  const look = (): void => {
    for (const on of REQUESTS) {
      const fault = faults.next(on);
      const kind = fault && ON_THE_WIRE[fault.kind];
      if (kind) server.fail({ on, kind, ms: fault.delayMs ?? 50 });
    }
    for (const name of server.list('/inbox').filter((file) => !file.endsWith('.tmp'))) {
      const file = server.read(`/inbox/${name}`);
      server.remove(`/inbox/${name}`);
      for (const answer of answersTo(file, standing)) {
        if (answer.afterDays === 0) send(answer);
        else clock.after(answer.afterDays * DAY_MS, () => send(answer));
      }
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

/** The same host key after every start, so that it can be pinned. */
function hostKeyIn(dataDir: string): string {
  fs.mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = path.join(dataDir, 'host-key');
  if (!fs.existsSync(file)) fs.writeFileSync(file, sshKeyPair().private, { mode: 0o600 });
  return fs.readFileSync(file, 'utf8');
}

function spoiled(content: Buffer, fault: Fault | undefined): Buffer {
  if (fault?.kind === 'malformed') return content.subarray(0, Math.floor(content.length / 2));
  if (fault?.kind === 'wrong-schema') return Buffer.from('{"unexpected":true}');
  return content;
}
