/**
 * Legal entities, cost centers, accounts and overrides of fiscal periods. The rows are read once, when the connector
 * starts: nothing but the connector writes them.
 */
import type { Account, CostCenter, FiscalPeriod, LegalEntity } from '@concord/canonical';
import type { Database } from '@concord/database';
import { ACCOUNTS, COST_CENTERS, LEGAL_ENTITIES } from './seed.js';

type Tables = {
  'sandbox_erp.legal_entity': LegalEntity;
  'sandbox_erp.account': Account;
  'sandbox_erp.cost_center': {
    code: string;
    name: string;
    legal_entity: string;
    facility: string;
    region: string;
    service_line: string;
    physician_group: string | null;
  };
  'sandbox_erp.fiscal_period_override': { legal_entity: string; code: string; status: FiscalPeriod['status'] };
};

export interface LedgerStructure {
  readonly legalEntities: ReadonlyMap<string, LegalEntity>;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly costCenters: ReadonlyMap<string, CostCenter>;
  /** Status by `<legal entity>/<period>`, where it is not what the calendar says. */
  readonly periodOverrides: ReadonlyMap<string, FiscalPeriod['status']>;
}

/** Adds the synthetic health system where it is missing; rows that are there stay as they are. */
export async function seedLedgerStructure(database: Database): Promise<void> {
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

export async function loadLedgerStructure(database: Database): Promise<LedgerStructure> {
  const db = database.$extendTables<Tables>();
  const legalEntities = await db.selectFrom('sandbox_erp.legal_entity').selectAll().execute();
  const accounts = await db.selectFrom('sandbox_erp.account').selectAll().execute();
  const costCenters = await db.selectFrom('sandbox_erp.cost_center').selectAll().execute();
  const overrides = await db.selectFrom('sandbox_erp.fiscal_period_override').selectAll().execute();
  return {
    legalEntities: byCode(legalEntities),
    accounts: byCode(accounts),
    costCenters: byCode(
      costCenters.map(({ legal_entity, service_line, physician_group, ...rest }) => ({
        ...rest,
        legalEntity: legal_entity,
        serviceLine: service_line,
        physicianGroup: physician_group ?? undefined,
      })),
    ),
    periodOverrides: new Map(overrides.map(({ legal_entity, code, status }) => [`${legal_entity}/${code}`, status])),
  };
}

/** In ascending order of the code, whatever the collation of the database. */
const byCode = <T extends { code: string }>(rows: readonly T[]): ReadonlyMap<string, T> =>
  new Map(rows.map((row) => [row.code, row] as const).sort(([a], [b]) => (a < b ? -1 : 1)));
