import type { ApiDefinition } from '../definition.js';
import { configure } from '../configuration.js';
import type { HostPart } from './host-part.js';
import { HostConfig } from './host.config.js';
import { startHost } from './host.js';

/**
 * Starts one API in a process of its own, on `PORT`. It needs the same database and identity provider as its callers:
 * `DATABASE_URL` and `OIDC_ISSUER`, or the `DATA_DIR` of an embedded host on the same machine.
 */
export async function startAlone(definition: ApiDefinition, parts: readonly HostPart[] = []): Promise<void> {
  const config = configure(HostConfig);
  const print = (part: string, line: string) => process.stdout.write(`${part.padEnd(12)} ${line}\n`);
  await untilSignalled(async () => {
    const host = await startHost({ definitions: [definition], parts, config: { ...config, apis: '' }, print });
    print('ready', `${host.url}/${definition.layer}/${definition.name}/v${definition.version}`);
    return host;
  });
}

/** Runs until SIGINT or SIGTERM, then stops cleanly; a failed start ends with its reason and status 1. */
export async function untilSignalled(start: () => Promise<{ stop(): Promise<void> }>): Promise<void> {
  const signalled = new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  try {
    const host = await start();
    await signalled;
    await host.stop();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
  process.exit();
}
