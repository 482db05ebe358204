/** What simulators have in common that leave their files in a mailbox over SFTP. */
import fs from 'node:fs';
import path from 'node:path';
import { sshKeyPair, startSftpServer, type SftpServer } from '@concord/testing';
import type { Fault } from './faults.js';

type ServerOptions = Parameters<typeof startSftpServer>[0];

/** With the same host key after every start, so that it can be pinned; a port that is taken is no reason not to run. */
export async function startMailbox(dataDir: string, options: Omit<ServerOptions, 'hostKey'>): Promise<SftpServer> {
  const settings = { ...options, hostKey: hostKeyIn(dataDir) };
  try {
    return await startSftpServer(settings);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return startSftpServer({ ...settings, port: 0 });
  }
}

function hostKeyIn(dataDir: string): string {
  fs.mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = path.join(dataDir, 'host-key');
  if (!fs.existsSync(file)) fs.writeFileSync(file, sshKeyPair().private, { mode: 0o600 });
  return fs.readFileSync(file, 'utf8');
}

/** A file as it is left when this goes wrong: half of it, or something else. */
export function spoiled(content: Buffer, fault: Fault | undefined): Buffer {
  if (fault?.kind === 'malformed') return content.subarray(0, Math.floor(content.length / 2));
  if (fault?.kind === 'wrong-schema') return Buffer.from('{"unexpected":true}');
  return content;
}
