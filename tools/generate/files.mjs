// Generated files on disk: written, or compared with what they should be. A file in a generated folder that nothing
// generates any more is stale too.
import fs from 'node:fs';
import path from 'node:path';
import prettier from 'prettier';

const root = path.resolve(import.meta.dirname, '../..');
const absolute = (file) => path.join(root, file);
const onDisk = (file) => (fs.existsSync(absolute(file)) ? fs.readFileSync(absolute(file), 'utf8') : undefined);

/**
 * Brings files to disk, or with `check` only looks.
 * @param {Map<string, string>} files text by path from the root of the repository
 * @param {string[]} owned folders that hold generated files only
 * @returns {Promise<string[]>} the files that were not as they should be
 */
export async function settle(files, owned, { check }) {
  const stale = [];
  for (const [file, text] of files) {
    const wanted = await formatted(file, text);
    if (onDisk(file) === wanted) continue;
    stale.push(file);
    if (check) continue;
    fs.mkdirSync(path.dirname(absolute(file)), { recursive: true });
    fs.writeFileSync(absolute(file), wanted);
  }
  for (const file of owned.flatMap(filesBelow)) {
    if (files.has(file)) continue;
    stale.push(file);
    if (!check) fs.rmSync(absolute(file));
  }
  return stale;
}

/** TypeScript and Markdown as the rest of the repository is written; other text as it is. */
async function formatted(file, text) {
  if (!/\.(ts|md)$/.test(file)) return text;
  return prettier.format(text, { ...(await prettier.resolveConfig(absolute(file))), filepath: absolute(file) });
}

function filesBelow(folder) {
  if (!fs.existsSync(absolute(folder))) return [];
  return fs
    .readdirSync(absolute(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
}
