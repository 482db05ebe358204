import { isZero, minus, money, Problem, sameAmount } from '@concord/canonical';
import type { Budget, BudgetValidation, Money, Page, Project } from '@concord/canonical';
import { sql } from 'kysely';
import { Budgets, Projects } from '../../ports/budgets.port.js';
import type { BudgetQuery, BudgetValidationQuery, ProjectQuery } from '../../queries.js';
import type { Books } from './books.js';
import { commitmentsOf } from './commitments.js';
import type { Documents } from './documents.store.js';

/** The fiscal year of the synthetic health system is the calendar year. */
const yearOf = (fiscalYear: string) => ({ from: `${fiscalYear}-01-01`, to: `${fiscalYear}-12-31` });

/** Budgets as they were set; what is committed and posted is counted when somebody asks. */
export class SandboxBudgets extends Budgets {
  constructor(
    private readonly books: Books,
    private readonly budgets: Documents<Budget>,
  ) {
    super();
  }

  override async listBudgets(query: BudgetQuery): Promise<Page<Budget>> {
    const { cost_center: costCenter, account, fiscal_year: fiscalYear } = query;
    const { items, nextPageToken } = await this.budgets.list(query, { costCenter, account, fiscalYear });
    return { items: await Promise.all(items.map((budget) => this.counted(budget))), nextPageToken };
  }

  override async readBudget(id: string): Promise<Budget> {
    return this.counted(await this.budgets.read(id));
  }

  override async validateBudget(question: BudgetValidationQuery): Promise<BudgetValidation> {
    const { cost_center: costCenter, account, date } = question;
    const center = this.books.structure.costCenters.get(costCenter);
    if (!center) throw new Problem('unknown-code', 'Cost center is not known', { context: { costCenter } });
    if (!this.books.structure.accounts.has(account)) {
      throw new Problem('unknown-code', 'Account is not known', { context: { account } });
    }
    const currency = this.books.currencyOf(center.legalEntity);
    const fiscalYear = date.slice(0, 4);
    const budget = await this.budgets.find({ costCenter, account, fiscalYear });
    const budgeted = budget?.amount ?? money(0, currency);
    const facts = await this.facts({ costCenter, account, fiscalYear, amount: budgeted });
    const requested = money(question.amount, currency);
    const verdict = !budget ? 'no-budget' : isLess(facts.available, requested) ? 'exceeded' : 'within-budget';
    return { costCenter, account, date, requested, budgeted, ...facts, verdict };
  }

  private async counted(budget: Budget): Promise<Budget> {
    return { ...budget, ...(await this.facts(budget)) };
  }

  private async facts(budget: Pick<Budget, 'costCenter' | 'account' | 'fiscalYear' | 'amount'>) {
    const { costCenter, account, fiscalYear, amount } = budget;
    const { currency } = amount;
    const { from, to } = yearOf(fiscalYear);
    const { committed } = await commitmentsOf(this.books.database, { costCenter, account }, { from, to, currency });
    const actual = await this.books.spent(costCenter, account, from, to, currency);
    return { committed, actual, available: minus(minus(amount, committed), actual) };
  }
}

const isLess = (a: Money, b: Money): boolean => minus(a, b).amount.startsWith('-') && !isZero(b) && !sameAmount(a, b);

/** A project as it is kept: what was spent before the sandbox began is part of it. */
export type KeptProject = Project & { readonly spentBefore: Money };

export class SandboxProjects extends Projects {
  constructor(
    private readonly books: Books,
    private readonly projects: Documents<KeptProject>,
  ) {
    super();
  }

  override async listProjects(query: ProjectQuery): Promise<Page<Project>> {
    const { kind, legal_entity: legalEntity, date } = query;
    const within = date ? sql`${date} between body ->> 'startsOn' and body ->> 'endsOn'` : sql`true`;
    const { items, nextPageToken } = await this.projects.list(query, { kind, legalEntity }, within);
    return { items: await Promise.all(items.map((project) => this.counted(project))), nextPageToken };
  }

  override async readProject(id: string): Promise<Project> {
    return this.counted(await this.projects.read(id));
  }

  private async counted({ spentBefore, ...project }: KeptProject): Promise<Project> {
    const { currency } = project.budget;
    const { committed, received } = await commitmentsOf(this.books.database, { project: project.id }, { currency });
    const actual = minus(received, minus(money(0, currency), spentBefore));
    return { ...project, committed, actual, available: minus(minus(project.budget, committed), actual) };
  }
}
