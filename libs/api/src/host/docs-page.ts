import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { basePath, type ApiDefinition } from '../definition.js';

/** The page that shows every contract, with Scalar from our own host: nothing is loaded from elsewhere. */
export function docsPage(definitions: readonly ApiDefinition[]): string {
  const sources = definitions.map((definition) => ({
    title: definition.title,
    slug: definition.name,
    url: `${basePath(definition)}/openapi.json`,
  }));
  const configuration = {
    sources,
    hideClientButton: true,
    telemetry: false,
    withDefaultFonts: false,
    agent: { disabled: true },
  };
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Concord APIs</title>
  </head>
  <body>
    <div id="reference"></div>
    <script src="/docs/reference.js"></script>
    <script>
      Scalar.createApiReference('#reference', ${JSON.stringify(configuration)});
    </script>
  </body>
</html>
`;
}

let script: Buffer | undefined;

/** Scalar's own script, read from its package at the first request. */
export function docsScript(): Buffer {
  script ??= fs.readFileSync(path.join(packageFolder('@scalar/api-reference'), 'dist/browser/standalone.js'));
  return script;
}

function packageFolder(name: string): string {
  const entry = createRequire(import.meta.url).resolve(name);
  return entry.slice(0, entry.lastIndexOf(path.join('node_modules', name)) + path.join('node_modules', name).length);
}
