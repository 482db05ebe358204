/**
 * The mailbox in which the platform leaves its extracts, at two o'clock (UTC) each night of the simulator's clock, and once
 * when it starts; those of a week are there. Faults are told by the extract that they spoil (`workers`, `positions`, …):
 * lost, duplicate, malformed (half of it), shrunken, wrong-schema, out-of-order (half a day after the next night's).
 */
import type { SftpServer } from '@concord/testing';
import type { SimulatorClock } from '../clock.js';
import type { SimulatorOptions } from '../simulator.js';
import { spoiled, startMailbox } from '../sftp.js';
import { EXTRACT_NAMES, extractOf, type ExtractName } from './extracts.js';
import type { Personnel } from './personnel.js';
import { Workforce } from './workforce.js';

export const HCM_MAILBOX_ACCOUNT = { username: 'concord', password: 'demo-hcm' } as const;

const DAY_MS = 86_400_000;
const AT_NIGHT_MS = 2 * 3_600_000;
const NIGHTS_KEPT = 7;
/** What is left of an extract that shrinks. */
const SHARE = 0.25;
const LATE_MS = 1.5 * DAY_MS;

export interface NightlyMailbox {
  readonly server: SftpServer;
  close(): Promise<void>;
}

export async function startNightlyMailbox(
  personnel: Personnel,
  { clock, faults, dataDir, port }: SimulatorOptions,
): Promise<NightlyMailbox> {
  const { username, password } = HCM_MAILBOX_ACCOUNT;
  const server = await startMailbox(dataDir, { accounts: { [username]: { password } }, folders: ['/outbox'], port });
  const workforce = new Workforce(personnel);
  const nights: string[] = [];

  const leave = (name: ExtractName, night: string): void => {
    const fault = faults.next(name);
    if (fault?.kind === 'lost') return;
    const content = spoiled(extractOf(personnel, name, fault?.kind === 'shrunken' ? SHARE : 1), fault);
    const put = (copy = '') => server.write(`/outbox/${name}-${night}${copy}.csv`, content);
    if (fault?.kind === 'out-of-order') return void clock.after(LATE_MS, () => put());
    put();
    if (fault?.kind === 'duplicate') put('-again');
  };
  const leaveAll = (night: string): void => {
    for (const name of EXTRACT_NAMES) leave(name, night);
    nights.push(night);
    const gone = nights.splice(0, Math.max(0, nights.length - NIGHTS_KEPT));
    for (const file of server.list('/outbox'))
      if (gone.some((old) => file.includes(`-${old}`))) server.remove(`/outbox/${file}`);
  };

  let callOff: () => void;
  const wait = (): void => {
    const next = nightBefore(clock).getTime() + DAY_MS;
    callOff = clock.after(next - clock.now().getTime(), () => {
      workforce.pass(compact(clock.now()), compact(new Date(clock.now().getTime() - DAY_MS)));
      leaveAll(compact(clock.now()));
      wait();
    });
  };
  leaveAll(compact(nightBefore(clock)));
  wait();

  return {
    server,
    close: () => {
      callOff();
      return server.close();
    },
  };
}

/** The last time that it was two o'clock. */
function nightBefore(clock: SimulatorClock): Date {
  const since = clock.now().getTime() - AT_NIGHT_MS;
  return new Date(since - (since % DAY_MS) + AT_NIGHT_MS);
}

const compact = (at: Date): string => at.toISOString().slice(0, 10).replaceAll('-', '');
