// `node tools/prepare-tryton.mjs CHART.json`: makes in Tryton what the ERP connector needs there and what is missing:
// companies, accounts, fiscal years, cost centers and a journal; and, where TRYTON_STOCK_COMPANY is set and the file says
// so, the locations, items, par levels and opening stock of supply chain; then what buying needs. Run it at any time: what is there stays.
// Where Tryton is and who asks comes from the TRYTON_* settings; the user needs the right to administer accounting.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import 'reflect-metadata';
import { build } from './build.mjs';

const HELP = `node tools/prepare-tryton.mjs CHART.json
node tools/prepare-tryton.mjs --synthetic

  CHART.json   { "legalEntities": […], "accounts": […], "costCenters": […], "years": [2026, 2027] }, the lists as
               GET /system/erp/v1/legal-entities, /accounts and /cost-centers answer them; for stock also
               "items": […] as GET /system/supply-chain/v1/items, "levels": [{ location, itemId, onHand, parLevel }];
               for what is bought "purchasable": […] as GET /system/erp/v1/items
  --synthetic  the chart of the synthetic health system, for development
`;

const { values, positionals } = parseArgs({
  options: { synthetic: { type: 'boolean' }, help: { type: 'boolean' } },
  allowPositionals: true,
});
if (values.help || (!values.synthetic && positionals.length !== 1)) {
  process.stdout.write(HELP);
  process.exit(values.help ? 0 : 1);
}

await build();
const connectors = '../dist/apps/system-erp/src/connectors';
const { configure } = await import('../dist/libs/api/src/index.js');
const { TrytonConfig, trytonClient, TrytonRecords } = await import('../dist/libs/tryton/src/index.js');
const { bindingOf, TrytonErpConfig } = await import(`${connectors}/tryton/tryton-erp.config.js`);
const { prepareTryton } = await import(`${connectors}/tryton/prepare.js`);
const { preparePurchasing } = await import(`${connectors}/tryton/prepare-purchasing.js`);
const stock = '../dist/apps/system-supply-chain/src/connectors';
const shelf = '../dist/apps/system-supply-chain/src/stores';
const { TrytonStockConfig } = await import(`${stock}/tryton/tryton-stock.config.js`);
const { prepareStock } = await import(`${stock}/tryton/prepare.js`);

async function chart() {
  if (!values.synthetic) return JSON.parse(fs.readFileSync(path.resolve(process.env.INIT_CWD ?? '.', positionals[0])));
  const { ACCOUNTS, COST_CENTERS, LEGAL_ENTITIES } = await import(`${connectors}/sandbox/seed.js`);
  const year = new Date().getUTCFullYear();
  const years = [year - 1, year, year + 1];
  const { ERP_ITEMS: purchasable } = await import(`${connectors}/sandbox/items.seed.js`);
  const books = { legalEntities: LEGAL_ENTITIES, accounts: ACCOUNTS, costCenters: COST_CENTERS, years };
  return { ...books, purchasable, ...(await shelves()) };
}

/** What the synthetic health system keeps at its locations. */
async function shelves() {
  const { ITEMS } = await import(`${shelf}/items.seed.js`);
  const { STOCK_LEVELS } = await import(`${shelf}/seed.js`);
  return {
    items: ITEMS.map(({ cost, ...item }) => ({ ...item, unitCost: { amount: cost, currency: 'USD' } })),
    levels: STOCK_LEVELS.map(({ location, item_id: itemId, on_hand: onHand, par_level: parLevel }) => ({
      location,
      itemId,
      onHand,
      parLevel,
    })),
  };
}

try {
  const tryton = new TrytonRecords(trytonClient(configure(TrytonConfig)));
  const reference = await chart();
  const made = await prepareTryton(tryton, bindingOf(configure(TrytonErpConfig)), reference);
  const kept = configure(TrytonStockConfig);
  if (kept.company && reference.items) made.push(...(await prepareStock(tryton, kept, reference)));
  // After the stock: what is kept there is made fit to be bought, and only what is left over is made anew.
  made.push(...(await preparePurchasing(tryton, bindingOf(configure(TrytonErpConfig)), reference.purchasable)));
  await tryton.client.close();
  for (const sentence of made) console.log(`made ${sentence}`);
  console.log(made.length ? 'Tryton is ready' : 'Tryton was ready; nothing was made');
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
