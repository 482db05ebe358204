import { Problem } from '@concord/canonical';
import type { Extracts } from './ports/extracts.js';
import type { Labor } from './ports/labor.js';
import type { HcmResource } from './resources.js';

/** What not every platform can do: take changes, tell of onboardings and terminations, or tell of one of these at all. */
export const CAPABILITIES = ['change', 'lifecycle', 'shifts', 'time-entries', 'pay-results', 'credentials'] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** That something about a worker changed, as the platform told and signed it. */
export interface SignedNotice {
  readonly notice: { readonly deliveryId: string; readonly event: string; readonly employeeNo: string };
  readonly sentAt: string;
  readonly signature: string;
}

/**
 * What Concord asks of a human capital management platform, in canonical words: its resources, as `resources.ts` declares them,
 * and labor. A method that needs a capability which the connector does not declare throws `not-supported` and names it.
 */
export abstract class HcmConnector {
  abstract readonly capabilities: ReadonlySet<Capability>;

  abstract readonly workers: HcmResource<'workers'>;
  abstract readonly positions: HcmResource<'positions'>;
  abstract readonly assignments: HcmResource<'assignments'>;
  abstract readonly orgUnits: HcmResource<'orgUnits'>;
  abstract readonly shifts: HcmResource<'shifts'>;
  abstract readonly timeEntries: HcmResource<'timeEntries'>;
  abstract readonly payResults: HcmResource<'payResults'>;
  abstract readonly credentials: HcmResource<'credentials'>;
  abstract readonly onboardings: HcmResource<'onboardings'>;
  abstract readonly terminations: HcmResource<'terminations'>;
  abstract readonly labor: Labor;

  /** Throws `not-supported` where the platform is not told of in files. */
  get extracts(): Extracts {
    throw new Problem('not-supported', 'This platform sends no extracts', { context: { capability: 'extracts' } });
  }

  /** Takes a notice in. Throws `unauthenticated` for one that is not the platform's; a second time it does nothing. */
  receive(_notice: SignedNotice): Promise<void> {
    const context = { capability: 'notices' };
    return Promise.reject(new Problem('not-supported', 'This platform sends no notices', { context }));
  }

  /** Whether the platform can be reached and used now; throws what stands in the way. */
  abstract probe(): Promise<void>;
}
