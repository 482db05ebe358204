// The layer table of tools/boundaries.mjs by path: needs no Nx graph, and adds what ESLint cannot see – circles between
// files, the order of the platform libs, and reaching past a library's index.
import { APP_FACE, MAY_IMPORT, PLATFORM_RANKS, projects, SPEC_MAY_ALSO_IMPORT } from './tools/boundaries.mjs';

const SPEC = '\\.(spec|conformance|fixture)\\.ts$';
const all = projects();
const below = ({ folder }) => `^${folder}/`;
const foldersOf = (layers) => all.filter(({ layer }) => layers.includes(layer)).map(below);

/** What a project's sources, or its specifications, must not import: every project whose layer is not in the table. */
function layerRules({ name, layer, folder }) {
  const rule = (suffix, from, layers) => ({
    name: `${name}-${suffix}`,
    comment: `${layer} may import ${layers.join(', ') || 'nothing of ours'}`,
    severity: 'error',
    from: { path: `^${folder}/`, ...from },
    to: { path: all.map(below), pathNot: [`^${folder}/`, ...foldersOf(layers)] },
  });
  return [
    rule('sources', { pathNot: SPEC }, MAY_IMPORT[layer]),
    rule('specs', { path: `^${folder}/.+${SPEC}` }, [...MAY_IMPORT[layer], ...SPEC_MAY_ALSO_IMPORT]),
  ];
}

/** A platform lib may import the ranks below its own: not what stands beside it, not what stands above. */
function rankRules(rank, index) {
  const notBelow = PLATFORM_RANKS.slice(index).flat();
  return rank
    .map((name) => ({ name, refused: notBelow.filter((other) => other !== name) }))
    .filter(({ refused }) => refused.length > 0)
    .map(({ name, refused }) => ({
      name: `${name}-keeps-its-rank`,
      comment: 'Platform libs import in one direction only: see PLATFORM_RANKS',
      severity: 'error',
      from: { path: `^libs/${name}/`, pathNot: SPEC },
      to: { path: refused.map((other) => `^libs/${other}/`) },
    }));
}

export default {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unknown-module',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-reaching-past-an-index',
      comment: 'Import a library by its name; its files are its own',
      severity: 'error',
      from: { path: '^(?:apps|test)/' },
      to: { path: '^libs/', pathNot: '/src/index\\.ts$' },
    },
    ...all
      .filter(({ folder }) => folder.startsWith('libs/'))
      .map(({ name, folder }) => ({
        name: `${name}-reaches-past-no-index`,
        severity: 'error',
        from: { path: `^${folder}/` },
        to: { path: '^libs/', pathNot: [`^${folder}/`, '/src/index\\.ts$'] },
      })),
    {
      name: 'host-knows-apps-by-their-face',
      severity: 'error',
      from: { path: '^apps/gateway/' },
      to: { path: '^apps/', pathNot: ['^apps/gateway/', `^apps/[^/]+/${APP_FACE}\\.ts$`] },
    },
    ...all.flatMap(layerRules),
    ...PLATFORM_RANKS.flatMap(rankRules),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    enhancedResolveOptions: {
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
