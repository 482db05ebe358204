/**
 * The outside world for development and tests. Started by the gateway as its child, it ends with it, however that ends;
 * started alone, with Ctrl-C.
 */
import path from 'node:path';
import { SIMULATORS } from './simulators.js';
import { startWorld } from './world.js';

const [port, dataDir] = [process.env['SIMULATORS_PORT'] ?? '9300', process.env['DATA_DIR'] ?? '.data'];

const ended = new Promise<void>((resolve) => {
  process.once('SIGTERM', resolve);
  process.once('disconnect', resolve); // the gateway is gone
  // Ctrl-C reaches us and the gateway alike; it is the gateway that lets us go, when it needs us no more.
  process.on('SIGINT', () => process.connected || resolve());
});

try {
  const world = await startWorld({
    port: Number(port),
    dataDir: path.resolve(dataDir, 'simulators'),
    simulators: SIMULATORS,
  });
  for (const [name, url] of Object.entries(world.urls)) process.stdout.write(`${name} ${url}\n`);
  process.stdout.write(`control ${world.controlUrl}\n`);
  await ended;
  await world.close();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
process.exit();
