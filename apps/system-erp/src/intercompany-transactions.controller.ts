import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, Resource } from '@concord/api';
import {
  IntercompanyTransaction,
  NewIntercompanyTransaction,
  NewReversal,
  type Page,
  pageOf,
} from '@concord/canonical';
import { Intercompany } from './ports/controlling.port.js';
import { IntercompanyQuery } from './queries.js';

export const IntercompanyTransactionPage = pageOf(IntercompanyTransaction);

@Resource('intercompany-transactions')
export class IntercompanyTransactionsController {
  constructor(private readonly intercompany: Intercompany) {}

  @Endpoint('POST', {
    scope: 'erp/intercompany-transaction.write',
    summary: 'Post what one legal entity provides to another',
    status: 201,
    location: 'intercompany-transactions',
    answer: IntercompanyTransaction,
  })
  createIntercompanyTransaction(
    @BusinessKey() key: string,
    @Body() transaction: NewIntercompanyTransaction,
  ): Promise<IntercompanyTransaction> {
    return this.intercompany.createIntercompanyTransaction(key, transaction);
  }

  @Endpoint('GET :id', {
    scope: 'erp/intercompany-transaction.read',
    summary: 'Read an intercompany transaction',
    answer: IntercompanyTransaction,
  })
  readIntercompanyTransaction(@Param('id') id: string): Promise<IntercompanyTransaction> {
    return this.intercompany.readIntercompanyTransaction(id);
  }

  @Endpoint('GET', {
    scope: 'erp/intercompany-transaction.read',
    summary: 'List intercompany transactions by document and legal entity',
    answer: IntercompanyTransactionPage,
  })
  listIntercompanyTransactions(@Query() query: IntercompanyQuery): Promise<Page<IntercompanyTransaction>> {
    return this.intercompany.listIntercompanyTransactions(query);
  }

  @Endpoint('POST :id/reversal', {
    scope: 'erp/intercompany-transaction.write',
    summary: 'Reverse an intercompany transaction in both books',
    answer: IntercompanyTransaction,
  })
  reverseIntercompanyTransaction(
    @BusinessKey() key: string,
    @Param('id') id: string,
    @Body() reversal: NewReversal,
  ): Promise<IntercompanyTransaction> {
    return this.intercompany.reverseIntercompanyTransaction(key, id, reversal);
  }
}
