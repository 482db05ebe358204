import { Problem } from '@concord/canonical';
import type { Principal } from '@concord/policy';

/** Throws `access-denied` unless the caller may enter the legal entity. */
export function admit(caller: Principal, legalEntity: string): void {
  if (caller.mayEnterLegalEntity(legalEntity)) return;
  throw new Problem('access-denied', 'The caller has no access to the legal entity of this encounter');
}
