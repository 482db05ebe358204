import type { Budget, BudgetValidation, Page, Project } from '@concord/canonical';
import type { BudgetQuery, BudgetValidationQuery, ProjectQuery } from '../queries.js';

/** What may be spent, and what is left of it. */
export abstract class Budgets {
  /** By identifier. */
  abstract listBudgets(query: BudgetQuery): Promise<Page<Budget>>;

  /** Throws `not-found`. */
  abstract readBudget(id: string): Promise<Budget>;

  /** Where no budget was set the verdict says so, and the actual is what was posted. Throws `unknown-code`. */
  abstract validateBudget(question: BudgetValidationQuery): Promise<BudgetValidation>;
}

/** Projects, and grants with their period of performance. */
export abstract class Projects {
  /** By code. */
  abstract listProjects(query: ProjectQuery): Promise<Page<Project>>;

  /** Throws `not-found`. */
  abstract readProject(id: string): Promise<Project>;
}
