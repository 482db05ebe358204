/**
 * Where a partner's mailbox is, who we are there, and how we know that it is theirs. Each mailbox has its own variables:
 *
 * ```ts
 * export const ClearinghouseMailbox = mailboxConfig('CLEARINGHOUSE', 'the clearinghouse');
 * const mailbox = new Mailbox(mailboxSettings('clearinghouse', configure(ClearinghouseMailbox)), surroundings);
 * ```
 */
import { readFileSync, statSync } from 'node:fs';
import { setting } from '@concord/api';
import { Maintenance } from '@concord/resilience';

export interface MailboxSettings {
  /** Names the partner in the ledger, in logs and in the health view; a code, never a secret. */
  readonly partner: string;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password?: string;
  /** Private key in OpenSSH or PEM format. */
  readonly privateKey?: string;
  readonly passphrase?: string;
  /** Fingerprints of the host keys that we accept, `SHA256:…`; none only on loopback. */
  readonly hostKeys: readonly string[];
  /** Where the partner leaves files for us. */
  readonly inbound: string;
  /** Where the partner picks up ours. */
  readonly outbound: string;
  /** Where a file goes once it is taken; without one it is removed. */
  readonly archive?: string;
  readonly pollMs: number;
  readonly maxFileBytes: number;
  readonly connectTimeoutMs: number;
  /** Milliseconds for one file or one list. */
  readonly timeoutMs: number;
  /** Whether the ledger keeps file names as digests, because they name patients. */
  readonly hashNames: boolean;
  /** What the partner allows: calls a minute, any number where nothing is said, and windows without any. */
  readonly callsPerMinute?: number;
  readonly maintenance?: string;
  /** Milliseconds between two questions only to learn whether the mailbox is at hand. */
  readonly probeMs?: number;
  /** When the credential was last changed, and the day on which it ends, where that is known. */
  readonly credentialSince?: Date;
  readonly credentialExpires?: string;
}

export interface MailboxConfig {
  host: string;
  port: number;
  username: string;
  password: string;
  privateKeyFile: string;
  passphrase: string;
  hostKeys: string;
  inbound: string;
  outbound: string;
  archive: string;
  pollSeconds: number;
  maxFileBytes: number;
  timeoutSeconds: number;
  hashNames: boolean;
  credentialExpires: string;
  callsPerMinute: number;
  maintenance: string;
  probeSeconds: number;
}

/**
 * The settings class of one mailbox; call it once, at the top of a `.config` file.
 * @param largest file that is taken where nothing is set, in bytes
 */
export function mailboxConfig(prefix: string, whose: string, largest = 33_554_432): new () => MailboxConfig {
  const of = `the SFTP mailbox of ${whose}`;

  class Config implements MailboxConfig {
    @setting(`${prefix}_SFTP_HOST`, `Host of ${of}`)
    host = '127.0.0.1';

    @setting(`${prefix}_SFTP_PORT`, `Port of ${of}`, { min: 1, max: 65_535 })
    port = 22;

    @setting(`${prefix}_SFTP_USER`, `Our account at ${of}`)
    username = 'concord';

    @setting(`${prefix}_SFTP_PASSWORD`, `Our password at ${of}, where there is no key`, { secret: true })
    password = '';

    @setting(`${prefix}_SFTP_KEY_FILE`, `File with our private key for ${of}, readable by its owner only`)
    privateKeyFile = '';

    @setting(`${prefix}_SFTP_KEY_PASSPHRASE`, `Passphrase of that key`, { secret: true })
    passphrase = '';

    @setting(`${prefix}_SFTP_HOST_KEYS`, `Accepted host keys of ${of}, SHA256:…, by commas; may be empty on loopback`)
    hostKeys = '';

    @setting(`${prefix}_SFTP_INBOUND`, `Folder in ${of} with files for us`)
    inbound = '/outbox';

    @setting(`${prefix}_SFTP_OUTBOUND`, `Folder in ${of} that takes our files`)
    outbound = '/inbox';

    @setting(`${prefix}_SFTP_ARCHIVE`, `Folder in ${of} for files that we have taken; without one they are removed`)
    archive = '';

    @setting(`${prefix}_SFTP_POLL_SECONDS`, `Seconds between two looks into ${of}`, { min: 0.02, max: 86_400 })
    pollSeconds = 30;

    @setting(`${prefix}_SFTP_MAX_FILE_BYTES`, `Largest file taken from ${of}`, { min: 1, max: 268_435_456 })
    maxFileBytes = largest;

    @setting(`${prefix}_SFTP_TIMEOUT_SECONDS`, `Seconds for one file or one list of ${of}`, { min: 0.1, max: 600 })
    timeoutSeconds = 60;

    @setting(`${prefix}_SFTP_HASH_NAMES`, `Keep only digests of the file names of ${of}, because they name patients`)
    hashNames = false;

    @setting(`${prefix}_SFTP_CREDENTIAL_EXPIRES`, `Day on which our credential at ${of} ends, as 2027-01-31`)
    credentialExpires = '';

    @setting(`${prefix}_SFTP_CALLS_PER_MINUTE`, `Calls a minute that ${of} allows; 0 is any number`, {
      min: 0,
      max: 1_000_000,
    })
    callsPerMinute = 0;

    @setting(
      `${prefix}_SFTP_MAINTENANCE`,
      `When ${of} is not called: Sun 02:00-04:00 America/New_York; daily 23:30-00:15 UTC`,
      { check: (text) => void Maintenance.of(text) },
    )
    maintenance = '';

    @setting(`${prefix}_SFTP_PROBE_SECONDS`, `Seconds between two questions only to learn whether ${of} is at hand`, {
      min: 0.05,
      max: 86_400,
    })
    probeSeconds = 60;
  }
  return Config;
}

const FINGERPRINT = /^SHA256:[A-Za-z0-9+/]{43}$/;
const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

/** The settings, read and checked. Throws an error that names what is wrong; a secret is never in it. */
export function mailboxSettings(partner: string, config: MailboxConfig): MailboxSettings {
  const hostKeys = config.hostKeys.split(',').flatMap((key) => key.trim() || []);
  const wrong = hostKeys.find((key) => !FINGERPRINT.test(key));
  if (wrong) fault(partner, `the host key ${wrong} is not a fingerprint as ssh-keygen -l prints it (SHA256:…)`);
  if (!hostKeys.length && !LOOPBACK.test(config.host)) {
    fault(partner, `no host key is pinned for ${config.host}: set its fingerprint, or anybody could be the partner`);
  }
  if (!config.password && !config.privateKeyFile) fault(partner, 'neither a key file nor a password is set');
  if (config.credentialExpires && Number.isNaN(Date.parse(config.credentialExpires))) {
    fault(partner, 'the day on which the credential ends is not a date');
  }
  const key = config.privateKeyFile ? readKey(partner, config.privateKeyFile) : undefined;
  return {
    partner,
    host: config.host,
    port: config.port,
    username: config.username,
    password: config.password || undefined,
    privateKey: key?.text,
    passphrase: config.passphrase || undefined,
    hostKeys,
    inbound: config.inbound,
    outbound: config.outbound,
    archive: config.archive || undefined,
    pollMs: config.pollSeconds * 1000,
    maxFileBytes: config.maxFileBytes,
    connectTimeoutMs: Math.min(10_000, config.timeoutSeconds * 1000),
    timeoutMs: config.timeoutSeconds * 1000,
    hashNames: config.hashNames,
    callsPerMinute: config.callsPerMinute || undefined,
    maintenance: config.maintenance,
    probeMs: config.probeSeconds * 1000,
    credentialSince: key?.since,
    credentialExpires: config.credentialExpires || undefined,
  };
}

function readKey(partner: string, file: string): { text: string; since: Date } {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) return fault(partner, `there is no key file ${file}`);
  if ((stat.mode & 0o077) !== 0)
    return fault(partner, `others than its owner can read the key file ${file}: chmod 600`);
  return { text: readFileSync(file, 'utf8'), since: stat.mtime };
}

function fault(partner: string, why: string): never {
  throw new Error(`The mailbox of ${partner} cannot be used: ${why}`);
}
