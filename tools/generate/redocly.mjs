// Lints contracts with Redocly under the rules of redocly.yaml. It reads files, so they are on disk before.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

/** @returns {string | undefined} what Redocly objects to, or undefined where all contracts pass */
export function lintContracts(files) {
  if (files.length === 0) return undefined;
  const cli = path.join(root, 'node_modules/@redocly/cli/bin/cli.js');
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  const run = spawnSync(process.execPath, [cli, 'lint', '--format=codeframe', ...files], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  return run.status === 0 ? undefined : `${run.stdout}${run.stderr}`;
}
