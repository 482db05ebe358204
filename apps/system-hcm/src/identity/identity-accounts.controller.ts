import { Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { IdentityAccount, IdentityDrift, pageOf, type Page } from '@concord/canonical';
import { HcmConnector } from '../connector.js';
import { driftOf } from './drift.js';
import { IdentityAccountQuery, IdentityDriftQuery } from './identity.dto.js';
import { IdentityProvisioner } from './identity.provisioner.js';
import { IdentityTarget } from './identity.target.js';

export const IdentityAccountPage = pageOf(IdentityAccount);
export const IdentityDriftPage = pageOf(IdentityDrift);

@Resource('identity-accounts')
export class IdentityAccountsController {
  constructor(
    private readonly provisioner: IdentityProvisioner,
    private readonly hcm: HcmConnector,
    private readonly target: IdentityTarget,
  ) {}

  @Endpoint('GET drift', {
    scope: 'hcm/identity-account.read',
    summary: 'Compare the workforce with the identity provider, a page at a time',
    answer: IdentityDriftPage,
  })
  findIdentityDrift(@Query() query: IdentityDriftQuery): Promise<Page<IdentityDrift>> {
    return driftOf(this.hcm, this.target.connected(), query);
  }

  @Endpoint('GET :workerId', {
    scope: 'hcm/identity-account.read',
    summary: 'Read what the identity provider holds of a worker',
    answer: IdentityAccount,
  })
  readIdentityAccount(@Param('workerId') workerId: string): Promise<IdentityAccount> {
    return this.provisioner.read(workerId);
  }

  @Endpoint('GET', {
    scope: 'hcm/identity-account.read',
    summary: 'List what was brought to the identity provider, by state and change',
    answer: IdentityAccountPage,
  })
  listIdentityAccounts(@Query() query: IdentityAccountQuery): Promise<Page<IdentityAccount>> {
    return this.provisioner.list(query);
  }

  @Endpoint('POST :workerId/sync', {
    scope: 'hcm/identity-account.write',
    summary: 'Bring a worker to the identity provider once more',
    status: 202,
    answer: IdentityAccount,
  })
  syncIdentityAccount(@Param('workerId') workerId: string): Promise<IdentityAccount> {
    return this.provisioner.again(workerId);
  }
}
