/** What most entities of this vendor have. */
export const changed = { changedAt: 'LastChangedAt' };
export const reference = { businessKey: 'ExternalReference' };
