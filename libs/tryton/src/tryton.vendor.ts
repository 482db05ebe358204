import { openVendor, type LimitsConfig } from '@concord/api';
import type { Vendor, VendorPolicy } from '@concord/resilience';

/** What of the settings the guard needs. */
interface Guarded {
  readonly url: string;
  readonly database: string;
  readonly timeoutMs: number;
  readonly connections: number;
}

/** Shorter than the pause after a refused login, so that nobody waits for its end. */
const LONGEST_MS = 50_000;

export const trytonPolicy = ({ timeoutMs, connections }: Guarded): VendorPolicy => ({
  timeoutMs,
  deadlineMs: Math.min(2 * timeoutMs, LONGEST_MS),
  // Tryton works on one call after another: whoever comes with many waits for his turn as long as a call may take.
  bulkhead: { concurrent: connections, longestWaitMs: timeoutMs },
  apis: [],
});

/** `account.move` of `model.account.move.create`: the calls to one model share their fate. */
export const capabilityOf = (method: string): string => method.split('.').slice(1, -1).join('.') || 'common';

/** By address and database; as many as there are. */
const open = new Map<string, Vendor>();

/** One guard for all connectors of this process to one Tryton: it ends with the last of them. */
export function trytonVendor(settings: Guarded, limits: LimitsConfig, api?: string): Vendor {
  const key = `${settings.url} ${settings.database}`;
  const known = open.get(key);
  if (known?.isOpen) return known.shared(api);
  const vendor = openVendor('tryton', api, limits, trytonPolicy(settings));
  open.set(key, vendor);
  return vendor;
}
