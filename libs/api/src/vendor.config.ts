import { createHash } from 'node:crypto';
import { Maintenance, Vendor, type Credential, type VendorPolicy } from '@concord/resilience';
import { setting } from './configuration.js';

/**
 * What the owner of a system behind allows of calls on its own wire, all flows of this process together. Each system has
 * its own variables:
 *
 * ```ts
 * export const ScimLimits = limitsConfig('SCIM', 'the identity provider');
 * const vendor = openVendor('scim', 'system/hcm', configure(ScimLimits), { timeoutMs: 10_000 });
 * ```
 */
export interface LimitsConfig {
  callsPerMinute: number;
  callsAtOnce: number;
  retryShare: number;
  maintenance: string;
  probeSeconds: number;
}

/** The settings class of one system; call it once, at the top of a `.config` file. */
export function limitsConfig(prefix: string, whose: string, { callsAtOnce = 16 } = {}): new () => LimitsConfig {
  const atOnce = callsAtOnce;

  class Config implements LimitsConfig {
    @setting(`${prefix}_CALLS_PER_MINUTE`, `Calls a minute that ${whose} allows; 0 is any number`, {
      min: 0,
      max: 1_000_000,
    })
    callsPerMinute = 0;

    @setting(`${prefix}_CALLS_AT_ONCE`, `Calls at once to ${whose}`, { min: 1, max: 1000 })
    callsAtOnce = atOnce;

    @setting(`${prefix}_RETRY_SHARE`, `Repetitions to ${whose}, as a share of all calls`, { min: 0.001, max: 1 })
    retryShare = 0.1;

    @setting(
      `${prefix}_MAINTENANCE`,
      `When ${whose} is not called: Sun 02:00-04:00 America/New_York; daily 23:30-00:15 UTC`,
      { check: (text) => void Maintenance.of(text) },
    )
    maintenance = '';

    @setting(`${prefix}_PROBE_SECONDS`, `Seconds between two questions only to learn whether ${whose} answers`, {
      min: 0.05,
      max: 86_400,
    })
    probeSeconds = 30;
  }
  return Config;
}

/** The guard of all calls to a system behind an API, as `limits` say. The connector that opens it closes it. */
export function openVendor(
  name: string,
  api: string | undefined,
  limits: LimitsConfig,
  policy: VendorPolicy = {},
): Vendor {
  const { callsPerMinute, callsAtOnce: concurrent, retryShare: share, maintenance } = limits;
  const perMinute = callsPerMinute || undefined;
  return new Vendor(name, {
    ...policy,
    apis: api ? [api] : [],
    bulkhead: { queued: 256, longestWaitMs: 4_000, ...policy.bulkhead, concurrent, perMinute },
    budget: { share },
    maintenance,
    probeMs: limits.probeSeconds * 1000,
  });
}

/** A secret that carries no date: when it was changed, whoever keeps its digest will see. */
export const undated = (kind: Credential['kind'], secret: string): Credential => ({
  kind,
  digest: createHash('sha256').update(secret).digest('base64url'),
});
