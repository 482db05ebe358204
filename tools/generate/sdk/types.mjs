// The types of one API: every named schema of its contract, written by @hey-api/openapi-ts. Its operation types are left
// out, because the client names arguments and answers itself.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createClient } from '@hey-api/openapi-ts';

/** @returns {Promise<string>} TypeScript */
export async function typesOf(document, header) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'concord-types-'));
  try {
    await createClient({
      input: structuredClone(document),
      output: { path: folder, header: [header] },
      logs: { level: 'silent', file: false },
      parser: { filters: { operations: { exclude: ['/.*/'] }, orphans: true } },
      plugins: [{ name: '@hey-api/typescript', definitions: { case: 'preserve' } }],
    });
    return tidied(fs.readFileSync(path.join(folder, 'types.gen.ts'), 'utf8'));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** Without the options of a client that is not theirs, and a description of one line on one line. */
function tidied(source) {
  return source
    .replace(/export type ClientOptions = .*?\n\};\n+/s, '')
    .replaceAll(/\/\*\*\n\s*\* (.*)\n\s*\*\//g, '/** $1 */');
}
