/** Our own APIs call each other as clients too. Their secrets are random, made on first need and kept on this machine. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readState, writeState } from './state-file.js';

/** Secrets by client id. Known ones are read from `service-secrets.json`, missing ones are made (256 bits) and added. */
export async function serviceSecrets(
  stateDir: string,
  clientIds: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const path = join(stateDir, 'service-secrets.json');
  const kept = (await readState<Record<string, string>>(path)) ?? {};
  const missing = clientIds.filter((id) => kept[id] === undefined);
  if (missing.length === 0) return kept;
  const secrets = {
    ...kept,
    ...Object.fromEntries(missing.map((id) => [id, randomBytes(32).toString('base64url')])),
  };
  await writeState(path, secrets);
  return secrets;
}
