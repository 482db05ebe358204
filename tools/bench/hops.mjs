// The price of a request: raw Fastify, one hop (a system API with every policy), three hops (experience → process →
// system, every policy three times). Rounds are interleaved; ratios are medians of per-round ratios.
import { fork } from 'node:child_process';
import path from 'node:path';
import autocannon from 'autocannon';

const { Caller, freePort } = await import('../../dist/libs/testing/src/index.js');
const ROUNDS = 5;
const SECONDS = 3;
const CONNECTIONS = 16;

export async function benchHops({ url }) {
  const port = await freePort();
  const raw = fork(path.join(import.meta.dirname, 'raw-fastify.mjs'), [String(port)]);
  await new Promise((resolve) => raw.once('message', resolve));
  const one = '/system/revenue-cycle/v1/charge-items/CH-VISIT-CHECKUP';
  const three = '/experience/clinic/v1/price-estimates?code=185349003';
  const variants = {
    raw: { target: `http://127.0.0.1:${port}/charge-items/CH-VISIT-CHECKUP` },
    'one hop': { target: `${url}${one}`, token: await unlimited(url, 'operations', one) },
    'three hops': { target: `${url}${three}`, token: await unlimited(url, 'clinic-portal', three) },
  };
  const results = Object.fromEntries(Object.keys(variants).map((name) => [name, []]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, variant] of Object.entries(variants)) {
      const result = await shoot(variant, round === 0 ? 1 : SECONDS);
      if (round > 0) results[name].push(result);
    }
  }
  raw.kill();
  for (const [name, rounds] of Object.entries(results)) {
    const p50 = median(rounds.map(({ latency }) => latency.p50));
    const p99 = median(rounds.map(({ latency }) => latency.p99));
    const rate = median(rounds.map(({ requests }) => requests.average));
    const failed = rounds.reduce((all, { non2xx, errors }) => all + non2xx + errors, 0);
    console.log(`${name.padEnd(11)} ${Math.round(rate)} requests/s, p50 ${p50} ms, p99 ${p99} ms, ${failed} failed`);
  }
  const ratio = (a, b) => median(results[a].map((round, i) => round.requests.average / results[b][i].requests.average));
  console.log(`ratio       one hop costs ${ratio('raw', 'one hop').toFixed(1)} × raw Fastify`);
  console.log(`ratio       three hops cost ${ratio('one hop', 'three hops').toFixed(2)} × one hop (to reach: ≤ 4)`);
}

async function shoot({ target, token }, duration) {
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  return autocannon({ url: target, connections: CONNECTIONS, duration, headers });
}

async function unlimited(url, client, path) {
  const caller = new Caller(url, client);
  const token = await caller.tokenFor(path);
  await caller.close();
  return token;
}

export const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
