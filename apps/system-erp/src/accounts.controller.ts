import { Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { Account, pageOf, type Page } from '@concord/canonical';
import { LedgerStructure } from './ports/ledger-structure.port.js';
import { AccountQuery } from './queries.js';

export const AccountPage = pageOf(Account);

@Resource('accounts')
export class AccountsController {
  constructor(private readonly structure: LedgerStructure) {}

  @Endpoint('GET', { scope: 'erp/account.read', summary: 'List the chart of accounts', answer: AccountPage })
  listAccounts(@Query() query: AccountQuery): Promise<Page<Account>> {
    return this.structure.listAccounts(query);
  }
}
