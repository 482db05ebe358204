// `npm start`: compiles what changed, then starts the gateway in this process.
if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(
    `Concord needs Node 24 and runs on ${process.version}. Start it with npm, which brings its own: npm start`,
  );
  process.exit(1);
}
const { build } = await import('./build.mjs');
await build();
await import('../dist/apps/gateway/src/main.js');
