// Writes every generated file: the contracts (openapi/), the SDKs (libs/sdk/), the settings (.env.example) and the
// drawings (docs/workflows/). With --check it writes nothing, lists the stale files and exits 1.
//
// The layers follow one another, because process APIs import the system SDK and experience APIs the process SDK: each
// SDK is written and compiled before the next layer is loaded.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ordered } from './generate/document.mjs';
import { environmentExample } from './generate/environment.mjs';
import { settle } from './generate/files.mjs';
import { lintContracts } from './generate/redocly.mjs';
import { sdkOf } from './generate/sdk/sdk.mjs';
import { workflowPages } from './generate/workflows.mjs';

const root = path.resolve(import.meta.dirname, '..');
const dist = (file) => path.join(root, 'dist', file);
const check = process.argv.includes('--check');

const LAYERS = ['system', 'process', 'experience'];

const compile = () =>
  execFileSync(process.execPath, [path.join(root, 'tools/build.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] });

/** The apps of a layer that are an API, each with what its `api.ts` exports. */
function appsOf(layer) {
  const names = fs.readdirSync(path.join(root, 'apps')).filter((name) => name.startsWith(`${layer}-`));
  const modules = names.map((name) => dist(`apps/${name}/src/api.js`)).filter((file) => fs.existsSync(file));
  return Promise.all(modules.map((file) => import(file)));
}

/** Loads every configuration class, also those that no API loads, so that each declares its settings. */
async function settingsOf({ configurationTable, flowLimits }) {
  for (const { default: api } of await appsOf('system')) flowLimits(api.name);
  const files = fs.globSync('{apps,libs}/**/*.config.js', { cwd: dist('') });
  for (const file of files) await import(dist(file));
  return configurationTable();
}

async function contractOf(api, openApiOf) {
  const document = ordered(await openApiOf(api));
  const source = `openapi/${api.layer}-${api.name}/v${api.version}.json`;
  return { api, document, source, text: `${JSON.stringify(document, null, 2)}\n` };
}

async function generate() {
  compile();
  const api = await import(dist('libs/api/src/index.js'));
  const { openApiOf } = api;
  const { drawWorkflow } = await import(dist('libs/workflow/src/index.js'));
  const stale = new Set();
  const documents = new Map();
  const workflows = [];
  const keep = async (files, owned) => {
    for (const file of await settle(files, owned, { check })) stale.add(file);
  };

  for (const layer of LAYERS) {
    const apps = await appsOf(layer).catch((error) => {
      if (check && stale.size > 0) report(stale); // a layer may not load on a stale SDK of the one below
      throw error;
    });
    const contracts = [];
    for (const app of apps) contracts.push(await contractOf(app.default, openApiOf));
    for (const { source, text } of contracts) documents.set(source, text);
    workflows.push(...apps.flatMap((app) => app.workflows ?? []));
    await keep(documents, []);
    await keep(await sdkOf(layer, contracts), [`libs/sdk/${layer}/src`]);
    if (!check) compile();
  }

  await keep(documents, ['openapi']);
  await keep(workflowPages(workflows, drawWorkflow), ['docs/workflows']);
  await keep(new Map([['.env.example', environmentExample(await settingsOf(api))]]), []);
  return { stale, contracts: [...documents.keys()] };
}

/** Ends a check that failed. */
function report(stale) {
  console.error(`generate: ${stale.size} stale files; run npm run generate and commit\n  ${[...stale].join('\n  ')}`);
  process.exit(1);
}

const { stale, contracts } = await generate();
if (check && stale.size > 0) report(stale);
const objections = lintContracts(contracts);
if (objections) {
  console.error(objections);
  process.exit(1);
}
console.log(`generate: ${contracts.length} contracts, ${stale.size} files written`);
process.exit(0);
