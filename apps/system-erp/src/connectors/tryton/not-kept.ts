import { Problem } from '@concord/canonical';

/** What Tryton said that it had written is not there, or not in the state that it was brought to. */
export const notKept = (): Problem => new Problem('upstream-unavailable', 'Tryton did not keep what it took');
