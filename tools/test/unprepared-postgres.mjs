// After all tests: what prepared-postgres.mjs made goes.
import fs from 'node:fs';

export default function forget() {
  const prepared = process.env.CONCORD_PREPARED_POSTGRES;
  if (prepared) fs.rmSync(prepared, { recursive: true, force: true });
}
