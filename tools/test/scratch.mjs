// The folder in which the tests keep their data. Each suite has a Postgres of its own, copied, synced and thrown away
// again: on a disk that is a third of its time. So it lies in memory where there is plenty, else where temporary files do.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const MEMORY = '/dev/shm';
/** Bytes; three suites at a time with their databases need a third of that. */
const PLENTY = 4 * 2 ** 30;

const NAME = 'concord-test-';

/** Makes a folder that other accounts may pass through, as the one under which a root's Postgres runs. */
export function scratchFolder() {
  const parent = hasMemory() ? MEMORY : os.tmpdir();
  for (const left of leftIn(parent)) fs.rmSync(path.join(parent, left), { recursive: true, force: true });
  const folder = fs.mkdtempSync(path.join(parent, `${NAME}${process.pid}-`));
  fs.chmodSync(folder, 0o711);
  return folder;
}

/** Folders of own runs that were killed before they could clear up; those of other accounts are theirs to remove. */
function leftIn(parent) {
  const runs = fs.readdirSync(parent).map((name) => ({ name, pid: new RegExp(`^${NAME}(\\d+)-`).exec(name)?.[1] }));
  const left = runs.filter(({ pid }) => pid && !isAlive(Number(pid))).map(({ name }) => name);
  return left.filter((name) => fs.statSync(path.join(parent, name)).uid === process.getuid());
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function hasMemory() {
  try {
    const { bavail, bsize } = fs.statfsSync(MEMORY);
    return bavail * bsize >= PLENTY && os.freemem() >= 2 * PLENTY && takesDirectIo();
  } catch {
    return false;
  }
}

/** Restate reads past the page cache, which older kernels refuse for files in memory. */
function takesDirectIo() {
  const folder = fs.mkdtempSync(path.join(MEMORY, 'concord-probe-'));
  try {
    const { O_CREAT, O_RDWR, O_DIRECT } = fs.constants;
    fs.closeSync(fs.openSync(path.join(folder, 'probe'), O_CREAT | O_RDWR | O_DIRECT));
    return true;
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
