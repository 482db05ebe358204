// Runs something against the gateway on PORT; where none answers, one is started for the time and stopped again.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { GATEWAY_FLAGS } from '../gateway-flags.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const START_MS = 60_000;

export async function withGateway(work) {
  const url = `http://127.0.0.1:${process.env.PORT ?? 8080}`;
  if (await isReady(url)) return work(url);
  console.log(`No gateway answers on ${url}; starting one`);
  const main = path.join(root, 'dist/apps/gateway/src/main.js');
  const gateway = spawn(process.execPath, [...GATEWAY_FLAGS, main], {
    stdio: ['ignore', 'ignore', 'inherit'],
    cwd: root,
  });
  const ended = new Promise((resolve) => gateway.once('exit', resolve));
  try {
    await untilReady(url, gateway);
    return await work(url);
  } finally {
    gateway.kill('SIGTERM');
    await ended;
  }
}

async function untilReady(url, gateway) {
  const end = Date.now() + START_MS;
  while (!(await isReady(url))) {
    if (gateway.exitCode !== null) throw new Error('The gateway did not start');
    if (Date.now() > end) throw new Error(`The gateway was not ready after ${START_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const isReady = (url) =>
  fetch(`${url}/health/ready`).then(
    (answer) => answer.status === 200,
    () => false,
  );
