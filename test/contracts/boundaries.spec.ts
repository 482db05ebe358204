import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A file that does not exist, with an import it must not have – or may have, where nothing refuses it. */
interface Plant {
  readonly what: string;
  readonly file: string;
  readonly imports: string;
  readonly refusedBy: readonly ('eslint' | 'cruiser')[];
}

const both = ['eslint', 'cruiser'] as const;
const plant = (what: string, file: string, imports: string, refusedBy: Plant['refusedBy'] = both): Plant => ({
  what,
  file,
  imports,
  refusedBy,
});

const WRONG = [
  plant('an experience API goes past the process layer', 'apps/experience-finance/src/a.ts', '@concord/sdk-system'),
  plant('a system API calls a process', 'apps/system-erp/src/b.ts', '@concord/sdk-process'),
  plant('a process API calls an experience', 'apps/process-patient-to-billing/src/c.ts', '@concord/sdk-experience'),
  plant('a process API reads a foreign format', 'apps/process-patient-to-billing/src/d.ts', '@concord/hl7v2'),
  plant('a library imports an app', 'libs/audit/src/e.ts', '../../../apps/system-erp/src/api.js'),
  plant('an app imports another app', 'apps/process-patient-to-billing/src/f.ts', '../../system-erp/src/api.js'),
  plant('the canonical language depends on the platform', 'libs/canonical/src/g.ts', '@concord/database'),
  plant('a foreign format depends on the platform', 'libs/standards/fhir/src/h.ts', '@concord/events'),
  plant('one SDK builds on another', 'libs/sdk/process/src/i.ts', '@concord/sdk-system'),
  plant('a source leans on test equipment', 'libs/policy/src/j.ts', '@concord/testing'),
  plant('an app reaches past the index of a library', 'apps/system-erp/src/k.ts', '@concord/canonical/src/problem.js'),
  plant('an app reaches into a library by path', 'apps/system-erp/src/l.ts', '../../../libs/canonical/src/problem.js'),
  plant('a library reaches into another by path', 'libs/audit/src/m.ts', '../../canonical/src/problem.js'),
  plant('the host reaches into an app', 'apps/gateway/src/n.ts', '../../system-erp/src/erp.config.js'),
  plant('a lower platform library uses a higher one', 'libs/database/src/o.ts', '@concord/workflow'),
  plant('a source leans on a simulator', 'apps/system-ehr/src/q.ts', '../../simulators/src/simulators.js'),
  plant('a simulator looks into what it simulates for', 'apps/simulators/src/y.ts', '../../system-ehr/src/api.js'),
  plant('two files import each other', 'libs/audit/src/p.ts', './partner.js', ['cruiser']),
];

const RIGHT = [
  plant('a process API calls a system', 'apps/process-patient-to-billing/src/r.ts', '@concord/sdk-system', []),
  plant('an experience API calls a process', 'apps/experience-finance/src/s.ts', '@concord/sdk-process', []),
  plant('a system API reads a foreign format', 'apps/system-ehr/src/t.ts', '@concord/hl7v2', []),
  plant('everything speaks the canonical language', 'libs/workflow/src/u.ts', '@concord/canonical', []),
  plant('a specification uses test equipment', 'libs/policy/src/v.spec.ts', '@concord/testing', []),
  plant('a specification asks a simulator', 'apps/system-ehr/src/z.spec.ts', '../../simulators/src/simulators.js', []),
  plant('test equipment has parts', 'libs/testing/src/x.ts', './part.js', []),
  plant('the host reads what an app says about itself', 'apps/gateway/src/w.ts', '../../system-erp/src/api.js', []),
];

const root = path.resolve(import.meta.dirname, '../..');
const bin = (name: string) => path.join(root, 'node_modules/.bin', name);
const source = ({ imports }: Plant) => `import * as planted from '${imports}';\nexport const seen = planted;\n`;

/** ESLint with the repository's own rules, less those that need types: the files do not exist. Answers rule ids by file. */
const LINT = `
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { text } from 'node:stream/consumers';
const eslint = new ESLint({ overrideConfig: tseslint.configs.disableTypeChecked });
const refused = {};
for (const { file, source } of JSON.parse(await text(process.stdin))) {
  const [result] = await eslint.lintText(source, { filePath: file });
  refused[file] = result.messages.map((message) => message.ruleId ?? message.message);
}
console.log(JSON.stringify(refused));
`;

function lint(files: { file: string; source: string }[]): Record<string, string[]> {
  const env = { ...process.env, NX_DAEMON: 'false' };
  // The rule reads Nx's cached graph and would be silent without one.
  execFileSync(process.execPath, [bin('nx'), 'show', 'projects'], { cwd: root, env, stdio: 'ignore' });
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', LINT], {
    cwd: root,
    env,
    input: JSON.stringify(files),
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout) as Record<string, string[]>;
}

/** A copy of the workspace's skeleton – projects without sources, and the rules – with the plants in it. */
function plantedWorkspace(): string {
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'concord-boundaries-'));
  const write = (file: string, text: string) => {
    fs.mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
    fs.writeFileSync(path.join(copy, file), text);
  };
  const projects = fs.globSync('{apps,libs}/**/project.json', { cwd: root });
  const rules = ['.dependency-cruiser.mjs', 'tools/boundaries.mjs', 'tsconfig.base.json', 'tsconfig.json'];
  for (const file of [...projects, ...rules]) write(file, fs.readFileSync(path.join(root, file), 'utf8'));
  for (const file of projects) write(path.join(path.dirname(file), 'src/index.ts'), 'export {};\n');
  for (const face of [
    'system-erp/src/api.ts',
    'system-erp/src/erp.config.ts',
    'system-ehr/src/api.ts',
    'simulators/src/simulators.ts',
  ])
    write(`apps/${face}`, 'export {};\n');
  write('libs/canonical/src/problem.ts', 'export {};\n');
  write('libs/testing/src/part.ts', 'export {};\n');
  write('libs/audit/src/partner.ts', `import './p.js';\n`);
  write('package.json', '{ "type": "module" }\n');
  for (const one of [...WRONG, ...RIGHT]) write(one.file, source(one));
  return copy;
}

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

function cruise(): Violation[] {
  const copy = plantedWorkspace();
  try {
    const args = [bin('depcruise'), '--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'apps', 'libs'];
    const run = spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    return (JSON.parse(run.stdout) as { summary: { violations: Violation[] } }).summary.violations;
  } finally {
    fs.rmSync(copy, { recursive: true });
  }
}

describe('the layers', () => {
  let linted: Record<string, string[]>;
  let cruised: Violation[];

  beforeAll(() => {
    linted = lint([...WRONG, ...RIGHT].map((one) => ({ file: one.file, source: source(one) })));
    cruised = cruise();
  });

  const BOUNDARY_RULES = ['@nx/enforce-module-boundaries', 'no-restricted-imports'];
  const refusers = ({ file }: Plant) => [
    ...(linted[file]?.some((rule) => BOUNDARY_RULES.includes(rule)) ? ['eslint'] : []),
    ...(cruised.some(({ from }) => from === file) ? ['cruiser'] : []),
  ];

  it.each(WRONG)('are held when $what', (one) => {
    expect(refusers(one)).toEqual(one.refusedBy);
  });

  it.each(RIGHT)('let through: $what', (one) => {
    expect(linted[one.file]).toEqual([]);
    expect(cruised.filter(({ from }) => from === one.file)).toEqual([]);
  });
});
