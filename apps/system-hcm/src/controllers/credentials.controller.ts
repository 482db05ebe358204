import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, IfMatch, Resource } from '@concord/api';
import { Credential, CredentialChange, NewCredential, pageOf, type Page } from '@concord/canonical';
import { HcmConnector } from '../connector.js';
import { CredentialQuery } from '../queries.js';

export const CredentialPage = pageOf(Credential);

@Resource('credentials')
export class CredentialsController {
  constructor(private readonly hcm: HcmConnector) {}

  @Endpoint('POST', {
    scope: 'hcm/credential.write',
    summary: 'Add a credential',
    status: 201,
    location: 'credentials',
    answer: Credential,
  })
  createCredential(@BusinessKey() key: string, @Body() fresh: NewCredential): Promise<Credential> {
    return this.hcm.credentials.create(key, fresh);
  }

  @Endpoint('PATCH :id', { scope: 'hcm/credential.write', summary: 'Change a credential', answer: Credential })
  changeCredential(
    @Param('id') id: string,
    @IfMatch() expected: string,
    @BusinessKey() key: string,
    @Body() change: CredentialChange,
  ): Promise<Credential> {
    return this.hcm.credentials.change(id, change, expected, key);
  }

  @Endpoint('GET :id', { scope: 'hcm/credential.read', summary: 'Read a credential', answer: Credential })
  readCredential(@Param('id') id: string): Promise<Credential> {
    return this.hcm.credentials.read(id);
  }

  @Endpoint('GET', {
    scope: 'hcm/credential.read',
    summary: 'List credentials by worker and kind',
    answer: CredentialPage,
  })
  listCredentials(@Query() query: CredentialQuery): Promise<Page<Credential>> {
    return this.hcm.credentials.list(query);
  }
}
