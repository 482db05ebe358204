/**
 * Legal entities, cost centers, accounts and overrides of fiscal periods. The first three are read once, when the
 * connector starts: nothing writes them later. What was decided about periods may have been decided in another process.
 */
import type { Account, CostCenter, FiscalPeriod, LegalEntity } from '@concord/canonical';
import type { Database } from '@concord/database';
import { sql, type Generated } from 'kysely';
import { ACCOUNTS, COST_CENTERS, LEGAL_ENTITIES } from './seed.js';

type Changed<T> = Omit<T, 'changedAt'> & { changed_at: Generated<Date> };

type Tables = {
  'sandbox_erp.legal_entity': Changed<LegalEntity>;
  'sandbox_erp.account': Changed<Account>;
  'sandbox_erp.cost_center': {
    changed_at: Generated<Date>;
    closed_on: Generated<string | null>;
    code: string;
    name: string;
    legal_entity: string;
    facility: string;
    region: string;
    service_line: string;
    physician_group: string | null;
  };
  'sandbox_erp.fiscal_period_override': {
    legal_entity: string;
    code: string;
    status: FiscalPeriod['status'];
    reason: string | null;
    version: Generated<number>;
    changed_at: Generated<Date>;
  };
};

export interface Structure {
  readonly legalEntities: ReadonlyMap<string, LegalEntity>;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly costCenters: ReadonlyMap<string, CostCenter>;
}

/** What a person decided about a period, and how often. */
export type PeriodOverride = Pick<FiscalPeriod, 'status' | 'changedAt'> & { readonly version: number };

/** Adds the synthetic health system where it is missing; rows that are there stay as they are. */
export async function seedStructure(database: Database): Promise<void> {
  const db = database.$extendTables<Tables>();
  const costCenters = COST_CENTERS.map(({ legalEntity, serviceLine, physicianGroup, ...rest }) => ({
    ...rest,
    legal_entity: legalEntity,
    service_line: serviceLine,
    physician_group: physicianGroup ?? null,
  }));
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('sandbox_erp.legal_entity')
      .values(LEGAL_ENTITIES)
      .onConflict((row) => row.doNothing())
      .execute();
    await tx
      .insertInto('sandbox_erp.account')
      .values(ACCOUNTS)
      .onConflict((row) => row.doNothing())
      .execute();
    await tx
      .insertInto('sandbox_erp.cost_center')
      .values(costCenters)
      .onConflict((row) => row.doNothing())
      .execute();
  });
}

export async function loadStructure(database: Database): Promise<Structure> {
  const db = database.$extendTables<Tables>();
  const legalEntities = await db.selectFrom('sandbox_erp.legal_entity').selectAll().execute();
  const accounts = await db.selectFrom('sandbox_erp.account').selectAll().execute();
  const costCenters = await db.selectFrom('sandbox_erp.cost_center').selectAll().execute();
  const changed = <T extends { changed_at: Date }>({ changed_at, ...rest }: T) => ({
    ...rest,
    changedAt: changed_at.toISOString(),
  });
  return {
    legalEntities: byCode(legalEntities.map(changed)),
    accounts: byCode(accounts.map(changed)),
    costCenters: byCode(
      costCenters.map(({ legal_entity, service_line, physician_group, closed_on, ...rest }) => ({
        ...changed(rest),
        legalEntity: legal_entity,
        serviceLine: service_line,
        physicianGroup: physician_group ?? undefined,
        closedOn: closed_on ?? undefined,
      })),
    ),
  };
}

/** By `<legal entity>:<period>`, where it is not what the calendar says. */
export async function loadPeriodOverrides(database: Database): Promise<ReadonlyMap<string, PeriodOverride>> {
  const db = database.$extendTables<Tables>();
  const overrides = await db.selectFrom('sandbox_erp.fiscal_period_override').selectAll().execute();
  return new Map(
    overrides.map(({ legal_entity, code, status, version, changed_at }) => {
      return [`${legal_entity}:${code}`, { status, version, changedAt: changed_at.toISOString() }];
    }),
  );
}

/** Decides whether a period is open, whatever the calendar says. */
export async function overridePeriod(
  database: Database,
  { legalEntity, code }: Pick<FiscalPeriod, 'legalEntity' | 'code'>,
  { status, reason, at }: { status: FiscalPeriod['status']; reason: string; at: string },
): Promise<void> {
  const changed = { status, reason, changed_at: new Date(at) };
  await database
    .$extendTables<Tables>()
    .insertInto('sandbox_erp.fiscal_period_override')
    .values({ legal_entity: legalEntity, code, ...changed })
    .onConflict((row) =>
      row.columns(['legal_entity', 'code']).doUpdateSet({
        ...changed,
        version: sql`sandbox_erp.fiscal_period_override.version + 1`,
      }),
    )
    .execute();
}

/** In ascending order of the code, whatever the collation of the database. */
const byCode = <T extends { code: string }>(rows: readonly T[]): ReadonlyMap<string, T> =>
  new Map(rows.map((row) => [row.code, row] as const).sort(([a], [b]) => (a < b ? -1 : 1)));
