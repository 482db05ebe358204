import { Problem } from '@concord/canonical';
import type { ScimClient } from './scim.client.js';

/** The identity provider, where one is set. */
export class IdentityTarget {
  constructor(readonly scim: ScimClient | undefined) {}

  /** Throws `not-supported` where none is set. */
  connected(): ScimClient {
    if (this.scim) return this.scim;
    throw new Problem('not-supported', 'No identity provider is set', { context: { capability: 'identity' } });
  }
}
