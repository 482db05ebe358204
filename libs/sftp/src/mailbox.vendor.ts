import { undated } from '@concord/api';
import { Vendor } from '@concord/resilience';
import type { MailboxSettings } from './mailbox.settings.js';

/** Callers that may wait for the one connection. */
const WAITING = 1000;

/**
 * The guard of one mailbox: one call at a time, as there is one connection, the more urgent one first. Nothing is repeated
 * here, because whoever looks looks again, and whoever puts puts again.
 */
export function mailboxVendor(settings: MailboxSettings, clock: () => Date, api: string | undefined): Vendor {
  const { partner, timeoutMs, connectTimeoutMs, callsPerMinute: perMinute, maintenance, probeMs } = settings;
  const longestWaitMs = timeoutMs;
  const vendor = new Vendor(`sftp.${partner}`, {
    apis: api ? [api] : [],
    timeoutMs: longestWaitMs + connectTimeoutMs + timeoutMs + MARGIN_MS,
    retry: { attempts: 1 },
    bulkhead: { concurrent: 1, queued: WAITING, longestWaitMs, perMinute },
    maintenance,
    probeMs,
    clock,
  });
  vendor.credential(credentialOf(settings));
  return vendor;
}

/** The connection gives up first, and lets go of what hangs. */
const MARGIN_MS = 5_000;

function credentialOf({ privateKey, password = '', credentialSince: since, credentialExpires }: MailboxSettings) {
  const expiresAt = credentialExpires ? new Date(credentialExpires) : undefined;
  return { ...(privateKey ? { kind: 'key' as const, since } : undated('password', password)), expiresAt };
}
