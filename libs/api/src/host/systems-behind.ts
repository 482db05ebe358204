import { Vendor, type VendorPolicy } from '@concord/resilience';
import { configure } from '../configuration.js';
import { apiId, type ApiDefinition } from '../definition.js';
import { flowLimits } from './flow-limits.js';

/** How calls of one API are guarded. */
const OUTBOUND = {
  timeoutMs: 10_000,
  deadlineMs: 20_000,
  retry: { attempts: 2 },
  bulkhead: { concurrent: 200, queued: 2000, longestWaitMs: 8_000 },
} as const;

/**
 * One guard for each API, whoever calls it. Of each, the environment may say how hard our flows may press it: `FlowLimits`.
 * What the owner of a system behind allows is kept on the wire, by its connector. Throws at the start where a value cannot be
 * used.
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
  const { callsPerMinute, callsAtOnce, retryShare, maintenance } = configure(flowLimits(name), environment);
  const concurrent = numberIn(callsAtOnce) ?? OUTBOUND.bulkhead.concurrent;
  const share = numberIn(retryShare);
  return {
    ...OUTBOUND,
    bulkhead: { ...OUTBOUND.bulkhead, concurrent, perMinute: numberIn(callsPerMinute) },
    ...(share === undefined ? {} : { budget: { share } }),
    maintenance,
    fallbacks,
    clock,
  };
}

const numberIn = (text: string): number | undefined => (text ? Number(text) : undefined);
