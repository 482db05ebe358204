import type { HcmConnector } from '../../connector.js';

/** A connector that is connected to a target it may write to. */
export interface HcmTarget {
  readonly connector: HcmConnector;
  /** A facility, an org unit and a cost center that the target knows. */
  readonly facility: string;
  readonly orgUnit: string;
  readonly costCenter: string;
  /** Loses the reply of the next change, after it was done; where the platform takes changes. */
  readonly loseReply?: () => void;
}
