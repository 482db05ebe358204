import { minus, money, type Budget, type BudgetValidation, type Page, type Project } from '@concord/canonical';
import { Budgets, Projects } from '../../ports/budgets.port.js';
import type { BudgetQuery, BudgetValidationQuery, ProjectQuery } from '../../queries.js';
import { unknown } from '../purchasing-rules.js';
import { toBudget, toProject } from './controlling.mapping.js';
import { pageOfRecords } from './odata.page.js';
import type { Condition, ODataRecords } from './odata.records.js';
import type { ODataLedgerStructure } from './odata.structure.js';

/** The ERP itself counts what is committed and posted, also where no budget was set. */
export class ODataBudgets extends Budgets {
  constructor(
    private readonly records: ODataRecords,
    private readonly structure: ODataLedgerStructure,
  ) {
    super();
  }

  override async readBudget(id: string): Promise<Budget> {
    return toBudget(await this.records.read('budgets', id));
  }

  override listBudgets(query: BudgetQuery): Promise<Page<Budget>> {
    const { cost_center, account, fiscal_year } = query;
    const where: Condition[] = [
      ['costCenter', 'eq', cost_center],
      ['account', 'eq', account],
      ['fiscalYear', 'eq', fiscal_year],
      ['amount', 'ge', '0'],
    ];
    return pageOfRecords(this.records, 'budgets', query, where, toBudget);
  }

  override async validateBudget(question: BudgetValidationQuery): Promise<BudgetValidation> {
    const { cost_center: costCenter, account, date } = question;
    const currency = await this.structure.check(({ costCenters, accounts, legalEntities }) => {
      const center = costCenters.get(costCenter);
      if (!center) throw unknown('Cost center is not known', { costCenter });
      if (!accounts.has(account)) throw unknown('Account is not known', { account });
      return legalEntities.get(center.legalEntity)?.currency;
    });
    const known = await this.records.find('budgets', [
      ['costCenter', 'eq', costCenter],
      ['account', 'eq', account],
      ['fiscalYear', 'eq', date.slice(0, 4)],
    ]);
    const nothing = money(0, currency);
    const budget = known && toBudget(known);
    const { amount: budgeted = nothing, committed = nothing, actual = nothing, available = nothing } = budget ?? {};
    const requested = money(question.amount, budgeted.currency);
    const isTooMuch = minus(available, requested).amount.startsWith('-');
    const verdict = known?.values['amount'] === undefined ? 'no-budget' : isTooMuch ? 'exceeded' : 'within-budget';
    return { costCenter, account, date, requested, budgeted, committed, actual, available, verdict };
  }
}

export class ODataProjects extends Projects {
  constructor(private readonly records: ODataRecords) {
    super();
  }

  override async readProject(id: string): Promise<Project> {
    return toProject(await this.records.read('projects', id));
  }

  override listProjects(query: ProjectQuery): Promise<Page<Project>> {
    const { kind, legal_entity, date } = query;
    const where: Condition[] = [
      ['kind', 'eq', kind],
      ['legalEntity', 'eq', legal_entity],
      ['startsOn', 'le', date],
      ['endsOn', 'ge', date],
    ];
    return pageOfRecords(this.records, 'projects', query, where, toProject);
  }
}
