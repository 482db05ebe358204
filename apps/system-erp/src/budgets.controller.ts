import { Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { Budget, BudgetValidation, type Page, pageOf } from '@concord/canonical';
import { Budgets } from './ports/budgets.port.js';
import { BudgetQuery, BudgetValidationQuery } from './queries.js';

export const BudgetPage = pageOf(Budget);

@Resource('budgets')
export class BudgetsController {
  constructor(private readonly budgets: Budgets) {}

  @Endpoint('GET validation', {
    scope: 'erp/budget.read',
    summary: 'Ask whether an amount may still be spent',
    answer: BudgetValidation,
  })
  validateBudget(@Query() question: BudgetValidationQuery): Promise<BudgetValidation> {
    return this.budgets.validateBudget(question);
  }

  @Endpoint('GET :id', { scope: 'erp/budget.read', summary: 'Read a budget', answer: Budget })
  readBudget(@Param('id') id: string): Promise<Budget> {
    return this.budgets.readBudget(id);
  }

  @Endpoint('GET', {
    scope: 'erp/budget.read',
    summary: 'List budgets by cost center, account and fiscal year',
    answer: BudgetPage,
  })
  listBudgets(@Query() query: BudgetQuery): Promise<Page<Budget>> {
    return this.budgets.listBudgets(query);
  }
}
