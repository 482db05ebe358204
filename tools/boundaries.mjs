// Who may import whom, by the `layer:` tag of project.json. One table for both checks: ESLint reads it by tag,
// dependency-cruiser by path.
import fs from 'node:fs';
import path from 'node:path';

const BELOW_APPS = ['canonical', 'platform', 'sdk-core'];

/** Experience → process → system: an app reaches the next layer through that layer's SDK, and no other. */
export const MAY_IMPORT = {
  canonical: [],
  standards: ['canonical'],
  platform: ['canonical', 'platform', 'sdk-core'],
  'sdk-core': ['canonical'],
  'sdk-system': ['canonical', 'sdk-core'],
  'sdk-process': ['canonical', 'sdk-core'],
  'sdk-experience': ['canonical', 'sdk-core'],
  system: [...BELOW_APPS, 'standards'],
  process: [...BELOW_APPS, 'sdk-system'],
  experience: [...BELOW_APPS, 'sdk-process'],
  simulator: [...BELOW_APPS, 'standards', 'testing'],
  testing: [...BELOW_APPS, 'standards', 'sdk-system', 'sdk-process', 'sdk-experience'],
  host: [...BELOW_APPS, 'standards', 'sdk-system', 'sdk-process', 'sdk-experience', 'system', 'process', 'experience'],
};

/** What a specification may import beside what its layer may. */
export const SPEC_MAY_ALSO_IMPORT = ['testing', 'simulator'];

/** Platform libs from the bottom up: each may import those of the ranks before it, and none beside or above it. */
export const PLATFORM_RANKS = [
  ['observability'],
  ['database'],
  ['resilience', 'audit', 'events', 'policy', 'master-data'],
  ['api'],
  ['workflow', 'sftp', 'tryton'],
];

/** What the host may import of an app: what the app says about itself. */
export const APP_FACE = 'src/api';

const root = path.resolve(import.meta.dirname, '..');

/** Every project with its folder and layer, as its project.json says. */
export function projects() {
  return ['apps', 'libs']
    .flatMap((folder) => fs.globSync(`${folder}/**/project.json`, { cwd: root }))
    .map((file) => {
      const { name, tags } = JSON.parse(fs.readFileSync(path.join(root, file), 'utf8'));
      const layer = tags.find((tag) => tag.startsWith('layer:'))?.slice('layer:'.length);
      if (!(layer in MAY_IMPORT))
        throw new Error(`${file}: layer:${layer} is not in the table of tools/boundaries.mjs`);
      return { name, layer, folder: path.dirname(file) };
    });
}
