import { Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { Account, pageOf, PageQuery, type Page } from '@concord/canonical';
import { ErpConnector } from './connector.js';

export const AccountPage = pageOf(Account);

@Resource('accounts')
export class AccountsController {
  constructor(private readonly erp: ErpConnector) {}

  @Endpoint('GET', { scope: 'erp/account.read', summary: 'List the chart of accounts', answer: AccountPage })
  listAccounts(@Query() query: PageQuery): Promise<Page<Account>> {
    return this.erp.listAccounts(query);
  }
}
