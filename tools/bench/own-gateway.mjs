// A gateway in a process and a folder of its own, and the memory of it and all it started.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { GATEWAY_FLAGS } from '../gateway-flags.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const { freePort, waitUntil } = await import('../../dist/libs/testing/src/index.js');

/** @param environment settings beside those of every bench */
export async function ownGateway(environment = {}) {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'concord-bench-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...process.env,
    NODE_ENV: 'production',
    PORT: String(port),
    MLLP_PORT: '0',
    SIMULATORS: 'off',
    DATA_DIR: dataDir,
    REQUESTS_PER_MINUTE: '100000000',
    ...environment,
  };
  const main = path.join(root, 'dist/apps/gateway/src/main.js');
  const began = performance.now();
  const child = spawn(process.execPath, [...GATEWAY_FLAGS, main], {
    env,
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const ready = () =>
    fetch(`${url}/health/ready`).then(
      (answer) => answer.ok,
      () => false,
    );
  await waitUntil('the gateway', ready, { withinMs: 60_000, everyMs: 20 });
  console.log(`start       empty folder to ready: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return {
    url,
    pid: child.pid,
    memory: () => memoryOf(child.pid, dataDir),
    cpuSeconds: () => cpuByPart(child.pid, dataDir),
    dataDir,
    remove: async () => {
      child.kill('SIGTERM');
      await ended;
      fs.rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const read = (file) => {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

/** Proportional resident memory in MB: shared pages counted once. The database's processes work in the data folder. */
function memoryOf(gateway, dataDir) {
  const parts = { gateway: 0, postgres: 0, restate: 0 };
  for (const [pid, part] of partsOf(gateway, dataDir)) {
    parts[part] += Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) / 1024;
  }
  return Object.fromEntries(Object.entries(parts).map(([part, mb]) => [part, Math.round(mb)]));
}

/** Which of the running processes belong to this gateway: `[pid, part]`. */
function partsOf(gateway, dataDir) {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => [pid, Number(pid) === gateway ? 'gateway' : ofDatabase(pid, read(`/proc/${pid}/cmdline`), dataDir)])
    .filter(([, part]) => part);
}

function ofDatabase(pid, command, dataDir) {
  if (command.includes(dataDir)) return command.includes('restate') ? 'restate' : 'postgres';
  let folder = '';
  try {
    folder = fs.readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
  return folder.startsWith(dataDir) && command.startsWith('postgres') ? 'postgres' : undefined;
}

/** CPU seconds so far, user and system, of the gateway, of all it started, and of this process, which makes the load. */
function cpuByPart(gateway, dataDir) {
  const parts = { gateway: 0, postgres: 0, restate: 0, load: process.cpuUsage() };
  parts.load = (parts.load.user + parts.load.system) / 1e6;
  for (const [pid, part] of partsOf(gateway, dataDir)) parts[part] += cpuOf(pid);
  return parts;
}

/** Ended children count with their parent: Postgres starts a process for each connection. */
function cpuOf(pid) {
  const fields = read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ') ?? [];
  return [11, 12, 13, 14].reduce((sum, i) => sum + Number(fields[i] ?? 0), 0) / 100;
}
