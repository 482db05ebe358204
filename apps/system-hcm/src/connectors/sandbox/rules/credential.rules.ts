import { Problem, type Credential, type NewCredential } from '@concord/canonical';
import { CREDENTIAL, WORKER } from '../../record/kind.js';
import type { Rules } from '../sandbox.resource.js';

export const credentialRules: Rules<Credential, NewCredential> = {
  kind: CREDENTIAL,
  begin: async (fresh, desk) => {
    await desk.known(WORKER, fresh.workerId);
    refuseDays(fresh);
    return { ...fresh, status: 'active' };
  },
  become: (now, next) => {
    if (now.status === 'revoked')
      throw new Problem('conflict', 'The credential is revoked', { context: { id: now.id } });
    refuseDays(next);
    return Promise.resolve(next);
  },
};

function refuseDays({ issuedOn, expiresOn }: NewCredential): void {
  if (expiresOn === undefined || expiresOn >= issuedOn) return;
  throw new Problem('upstream-rejected', 'A credential cannot expire before it is issued', {
    context: { issuedOn, expiresOn },
  });
}
