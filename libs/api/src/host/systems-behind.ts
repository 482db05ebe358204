import { Vendor, type VendorPolicy } from '@concord/resilience';
import { variable } from '../configuration.js';
import { apiId, type ApiDefinition } from '../definition.js';

/** How calls of one API are guarded. */
const OUTBOUND = {
  timeoutMs: 10_000,
  deadlineMs: 20_000,
  retry: { attempts: 2 },
  bulkhead: { concurrent: 200, queued: 2000, longestWaitMs: 8_000 },
} as const;

/**
 * One guard for each API, whoever calls it; a system API is one system behind. Of each, the environment may say what its
 * owner allows: `ERP_CALLS_PER_MINUTE`, `ERP_CALLS_AT_ONCE`, `ERP_RETRY_SHARE` (0.1 is a tenth of all calls) and
 * `ERP_MAINTENANCE` (`Sun 02:00-04:00 America/New_York; …`). Throws at the start where one cannot be used.
 */
export function systemsBehind(
  definitions: readonly ApiDefinition[],
  clock: () => Date,
  environment = process.env,
): (api: string) => Vendor {
  const known = new Map(
    definitions.map((definition) => [
      apiId(definition),
      new Vendor(apiId(definition), policyOf(definition, clock, environment)),
    ]),
  );
  return (api) => {
    const one = known.get(api) ?? new Vendor(api, OUTBOUND);
    known.set(api, one);
    return one;
  };
}

function policyOf({ name, fallbacks }: ApiDefinition, clock: () => Date, environment: NodeJS.ProcessEnv): VendorPolicy {
  const number = (of: string, most: number) => numberIn(`${name}_${of}`, most, environment);
  const perMinute = number('CALLS_PER_MINUTE', 1_000_000);
  const concurrent = number('CALLS_AT_ONCE', 10_000) ?? OUTBOUND.bulkhead.concurrent;
  const share = number('RETRY_SHARE', 1);
  return {
    ...OUTBOUND,
    bulkhead: { ...OUTBOUND.bulkhead, concurrent, perMinute },
    ...(share === undefined ? {} : { budget: { share } }),
    maintenance: variable(`${name}_MAINTENANCE`, environment),
    fallbacks,
    clock,
  };
}

function numberIn(name: string, most: number, environment: NodeJS.ProcessEnv): number | undefined {
  const text = variable(name, environment);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (value > 0 && value <= most) return value;
  const setting = name.toUpperCase().replaceAll('-', '_');
  throw new Error(`The configuration cannot be used: ${setting} must be a number above 0, ${most} at most`);
}
