import { Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { ContractPrice, pageOf, type Page } from '@concord/canonical';
import { Contracts } from './ports/catalogue.port.js';
import { ContractPriceQuery } from './queries.js';

export const ContractPricePage = pageOf(ContractPrice);

@Resource('contract-prices')
export class ContractPricesController {
  constructor(private readonly contracts: Contracts) {}

  @Endpoint('GET', {
    scope: 'supply-chain/contract-price.read',
    summary: 'List what suppliers charge for an item, or what one charges on a day',
    answer: ContractPricePage,
  })
  listContractPrices(@Query() query: ContractPriceQuery): Promise<Page<ContractPrice>> {
    return this.contracts.listContractPrices(query);
  }
}
