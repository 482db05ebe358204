import { Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { pageOf, SupplyContract, type Page } from '@concord/canonical';
import { Contracts } from './ports/catalogue.port.js';
import { SupplyContractQuery } from './queries.js';

export const SupplyContractPage = pageOf(SupplyContract);

@Resource('contracts')
export class ContractsController {
  constructor(private readonly contracts: Contracts) {}

  @Endpoint('GET', {
    scope: 'supply-chain/contract.read',
    summary: 'List contracts with suppliers',
    answer: SupplyContractPage,
  })
  listContracts(@Query() query: SupplyContractQuery): Promise<Page<SupplyContract>> {
    return this.contracts.listContracts(query);
  }

  @Endpoint('GET :id', { scope: 'supply-chain/contract.read', summary: 'Read a contract', answer: SupplyContract })
  readContract(@Param('id') id: string): Promise<SupplyContract> {
    return this.contracts.readContract(id);
  }
}
