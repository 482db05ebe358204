/** The company, the stock locations and the place of what was used, by the codes of the settings; read once a minute. */
import { Problem } from '@concord/canonical';
import type { TrytonRecords } from '@concord/tryton';
import type { TrytonStockConfig } from './tryton-stock.config.js';

export interface Places {
  readonly company: number;
  readonly currency: { readonly id: number; readonly code: string };
  /** Tryton's id by our code, in ascending order of the code. */
  readonly locations: ReadonlyMap<string, number>;
  readonly used: number;
  /** The employee in whose name is asked for items, and the warehouse that it is for; absent where nobody is named. */
  readonly requester: number | undefined;
  readonly warehouse: number | undefined;
}

/** Tryton is there, but lacks what the settings name. */
export class StockFault extends Error {
  constructor(faults: readonly string[]) {
    super(`Tryton is not ready for the stock of Concord: ${faults.join('; ')}. See docs/guides/tryton.md.`);
    this.name = 'StockFault';
  }
}

/** Throws one error that names all that Tryton does not have. */
export async function readPlaces(
  tryton: TrytonRecords,
  { company, root, used, requester }: TrytonStockConfig,
): Promise<Places> {
  const faults: string[] = [];
  const owner = await tryton.first<{ 'currency.': { id: number; code: string } }>(
    'company.company',
    [['party.code', '=', company]],
    ['currency.code'],
  );
  if (!owner) faults.push(`there is no company ${company} that the user may see (TRYTON_STOCK_COMPANY)`);
  const byCode = (code: string) => tryton.first<object>('stock.location', [['code', '=', code]], ['type']);
  const [above, usage] = [await byCode(root), await byCode(used)];
  if (!above) faults.push(`there is no location ${root} (TRYTON_STOCK_ROOT)`);
  if (!usage) faults.push(`there is no location ${used} (TRYTON_STOCK_USED)`);
  const below = above
    ? await tryton.all<{ code: string }>(
        'stock.location',
        [
          ['parent', 'child_of', [above.id]],
          ['id', '!=', above.id],
          ['type', '=', 'storage'],
          ['code', '!=', null],
        ],
        ['code'],
      )
    : [];
  if (above && !below.length) faults.push(`there are no locations with a code below ${root}`);
  const asking = requester && owner ? await readRequester(tryton, owner.id, requester) : undefined;
  if (typeof asking === 'string') faults.push(asking);
  if (!owner || !usage || typeof asking === 'string' || faults.length) throw new StockFault(faults);
  const locations = below.map(({ id, code }) => [code, id] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    company: owner.id,
    currency: owner['currency.'],
    locations: new Map(locations),
    used: usage.id,
    requester: asking?.employee,
    warehouse: asking?.warehouse,
  };
}

/** Or why nobody can ask for items, in a sentence. */
async function readRequester(
  tryton: TrytonRecords,
  company: number,
  code: string,
): Promise<{ employee: number; warehouse: number } | string> {
  const modules = [
    ['name', '=', 'purchase_requisition'],
    ['state', '=', 'activated'],
  ];
  if (!(await tryton.first('ir.module', modules, ['name']))) return 'it has not activated purchase_requisition';
  const named = [
    ['company', '=', company],
    ['party.code', '=', code],
  ];
  const employee = await tryton.first('company.employee', named, ['company']);
  if (!employee) return `there is no employee ${code} of the company (TRYTON_STOCK_REQUESTER)`;
  const warehouse = await tryton.first('stock.location', [['type', '=', 'warehouse']], ['type']);
  return warehouse ? { employee: employee.id, warehouse: warehouse.id } : 'it has no warehouse';
}

const FRESH_MS = 60_000;

export class PlacesCache {
  private held: { readonly places: Promise<Places>; readonly at: number } | undefined;

  constructor(
    private readonly tryton: TrytonRecords,
    private readonly config: TrytonStockConfig,
    private readonly now: () => number,
  ) {}

  get(): Promise<Places> {
    if (this.held && this.now() - this.held.at < FRESH_MS) return this.held.places;
    const places = readPlaces(this.tryton, this.config);
    this.held = { places, at: this.now() };
    places.catch(() => (this.held = undefined));
    return places;
  }

  /** Throws `unknown-code`. */
  async location(code: string): Promise<number> {
    const id = (await this.get()).locations.get(code);
    if (id === undefined)
      throw new Problem('unknown-code', 'Stock location is not known', { context: { location: code } });
    return id;
  }
}
