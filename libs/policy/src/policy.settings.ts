/** What the guards of one API have to know. Each hosted API has its own settings, so its tokens open no other API. */
import type { Quota } from './rate-limit/gcra.js';
import type { Forgeries } from './token/forgeries.js';
import type { IssuerKeys } from './token/issuer-keys.js';

/** Provider token for `PolicySettings`. */
export const POLICY_SETTINGS = Symbol.for('concord.policy-settings');

export interface PolicySettings {
  /** The API's own address without a version, which a token must name as `aud`: `http://127.0.0.1:8080/system/erp`. */
  readonly audience: string;
  /** Issuer identifier, compared character by character with `iss`. */
  readonly issuer: string;
  /** The issuer's keys. APIs of one process share them; left out, this API fetches its own. */
  readonly keys?: IssuerKeys;
  /** Addresses whose tokens do not hold; shared by the APIs of a process where nothing is said. */
  readonly forgeries?: Forgeries;
  /** How often a client may call this API; `undefined` lifts the limit. Left out: 6,000 requests a minute. */
  readonly clientLimit?: (clientId: string) => Quota | undefined;
}
