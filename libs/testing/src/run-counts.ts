import { ok, type Caller } from './caller.js';

/** How many runs stand where; a status without a run is left out. */
export async function runCounts(operations: Caller): Promise<Record<string, number>> {
  const path = '/experience/operations/v1/summary';
  const { runs } = ok(await operations.get<{ runs: { status: string; runs: number }[] }>(path));
  return Object.fromEntries(runs.flatMap(({ status, runs: count }) => (count ? [[status, count] as const] : [])));
}
