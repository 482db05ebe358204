import { Maintenance } from '@concord/resilience';
import { setting } from '../configuration.js';

/** How hard our own flows may press one API of ours, whatever is behind it; nothing said is no limit of its own. */
export interface FlowLimits {
  callsPerMinute: string;
  callsAtOnce: string;
  retryShare: string;
  maintenance: string;
}

const known = new Map<string, new () => FlowLimits>();

/** The settings class of one API by its name: `ERP_CALLS_PER_MINUTE` of `erp`. */
export function flowLimits(name: string): new () => FlowLimits {
  const prefix = name.toUpperCase().replaceAll('-', '_');
  const above0 = (most: number) => (text: string) => {
    if (!(Number(text) > 0 && Number(text) <= most)) throw new Error(`must be a number above 0, ${most} at most`);
  };

  class Config implements FlowLimits {
    @setting(
      `${prefix}_CALLS_PER_MINUTE`,
      `Calls a minute of all our flows to the API ${name}; any number if not set`,
      {
        check: above0(1_000_000),
      },
    )
    callsPerMinute = '';

    @setting(`${prefix}_CALLS_AT_ONCE`, `Calls at once of all our flows to the API ${name}; 200 if not set`, {
      check: above0(10_000),
    })
    callsAtOnce = '';

    @setting(`${prefix}_RETRY_SHARE`, `Repetitions to the API ${name}, as a share of all calls; a tenth if not set`, {
      check: above0(1),
    })
    retryShare = '';

    @setting(`${prefix}_MAINTENANCE`, `When our flows leave the API ${name} alone: Sun 02:00-04:00 America/New_York`, {
      check: (text) => void Maintenance.of(text),
    })
    maintenance = '';
  }
  const config = known.get(name) ?? Config;
  known.set(name, config);
  return config;
}
