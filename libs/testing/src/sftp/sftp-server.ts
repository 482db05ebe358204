import { createHash, timingSafeEqual } from 'node:crypto';
import ssh2, { type AuthContext, type Connection, type ParsedKey } from 'ssh2';
import { SftpFaults, type SftpFault } from './sftp-faults.js';
import { breakOff, normal, serveSession } from './sftp-session.js';
import { FolderShelf, MemoryShelf, type Shelf } from './shelf.js';

/** How one account may log in: by password, by key (OpenSSH public key), or by either. */
interface SftpAccount {
  readonly password?: string;
  readonly publicKey?: string;
}

interface SftpServerOptions {
  readonly accounts: Readonly<Record<string, SftpAccount>>;
  /** Folders that are there from the beginning, for example `/outbound`. */
  readonly folders?: readonly string[];
  /** Keeps the files in a folder of this machine; in memory where nothing is said. */
  readonly folder?: string;
  /** Port of loopback; a free one where nothing is said. */
  readonly port?: number;
  /** Host key in OpenSSH format, so that a restarted server is the same one; a new one where nothing is said. */
  readonly hostKey?: string;
}

/** An SFTP server in this process: real SSH on a real port of loopback, and told to fail on demand. */
export interface SftpServer {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** What a client pins: `SHA256:` and the digest of the host key in base64, as `ssh-keygen -l` prints it. */
  readonly fingerprint: string;
  /** Names in a folder; none where there is no such folder. */
  list(folder: string): string[];
  read(file: string): Buffer;
  write(file: string, content: Buffer | string): void;
  remove(file: string): void;
  fail(fault: SftpFault): void;
  clearFaults(): void;
  /** Breaks every connection. */
  hangUp(): void;
  readonly connections: number;
  close(): Promise<void>;
}

/**
 * A key pair in OpenSSH format. On the curve P-256: of the ed25519 pairs that ssh2 makes, those whose public key begins with
 * a zero byte, one in 256, cannot be read by anyone.
 */
export const sshKeyPair = (): { private: string; public: string } =>
  ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 });

export async function startSftpServer(options: SftpServerOptions): Promise<SftpServer> {
  const hostKey = options.hostKey ?? sshKeyPair().private;
  const shelf: Shelf = options.folder ? new FolderShelf(options.folder) : new MemoryShelf();
  for (const folder of options.folders ?? []) shelf.makeFolder(normal(folder));
  const faults = new SftpFaults();
  const connections = new Set<Connection>();

  const server = new ssh2.Server({ hostKeys: [hostKey] }, (connection) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
    connection.on('error', () => undefined); // a client that hangs up is no fault of the server
    (connection as unknown as { setNoDelay(on: boolean): void }).setNoDelay(true); // its types forget it
    if (faults.next('connect')) return breakOff(connection);
    connection.on('authentication', (login) => {
      // Clients ask first without any credential, only to hear what would do.
      const isRefused = login.method !== 'none' && faults.next('login') !== undefined;
      if (!isRefused && mayEnter(login, options.accounts[login.username])) login.accept();
      else login.reject(['publickey', 'password']);
    });
    connection.on('session', (accept) => {
      accept().on('sftp', (acceptSftp) => serveSession(acceptSftp(), connection, shelf, faults));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });

  const hangUp = (): void => connections.forEach(breakOff);
  return {
    host: '127.0.0.1',
    port: (server.address() as { port: number }).port,
    fingerprint: fingerprintOf(hostKey),
    list: (folder) => (shelf.entry(normal(folder)) ? shelf.names(normal(folder)) : []),
    read: (file) => shelf.read(normal(file)),
    write: (file, content) => shelf.write(normal(file), Buffer.from(content)),
    remove: (file) => shelf.remove(normal(file)),
    fail: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    hangUp,
    get connections() {
      return connections.size;
    },
    close: () => {
      hangUp();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function mayEnter(login: AuthContext, account: SftpAccount | undefined): boolean {
  if (!account) return false;
  if (login.method === 'password') return account.password !== undefined && sameText(login.password, account.password);
  if (login.method !== 'publickey' || !account.publicKey) return false;
  const key = parsed(account.publicKey);
  if (login.key.algo !== key.type || !login.key.data.equals(key.getPublicSSH())) return false;
  // A client first asks whether the key would do, without a signature.
  return !login.signature || !login.blob || key.verify(login.blob, login.signature, login.hashAlgo) === true;
}

const sameText = (a: string, b: string): boolean => {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(left!, right!);
};

function parsed(key: string): ParsedKey {
  const result = ssh2.utils.parseKey(key);
  if (result instanceof Error) throw result;
  return Array.isArray(result) ? (result as ParsedKey[])[0]! : result;
}

function fingerprintOf(hostKey: string): string {
  const digest = createHash('sha256').update(parsed(hostKey).getPublicSSH()).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}
