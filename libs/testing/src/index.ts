export { Caller, ok, type Answer } from './caller.js';
export { freePort } from './free-port.js';
export { lossyProxy, type LossyProxy } from './lossy-proxy.js';
export { inOtherProcess } from './other-process.js';
export { runCounts } from './run-counts.js';
export { bookFaults, journalTotals, readBooks, type Books } from './sandbox-books.js';
export { sshKeyPair, startSftpServer, type SftpServer } from './sftp/sftp-server.js';
export type { SftpFault, SftpOperation } from './sftp/sftp-faults.js';
export { encounterBundle, seededId, type EncounterWishes } from './synthetic-encounter.js';
export {
  aloneInTryton,
  trytonFolder,
  trytonServer,
  trytonState,
  type NoTryton,
  type TrytonServer,
} from './tryton-server.js';
export { waitUntil } from './wait-until.js';
