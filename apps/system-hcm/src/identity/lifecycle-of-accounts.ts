import { Problem } from '@concord/canonical';
import type { HcmConnector } from '../connector.js';

/**
 * Tells the platform that a worker now has an account, or has none any more, where it keeps onboardings and terminations
 * and takes changes. Somebody who was quicker is no fault.
 */
export async function closeLifecycle(hcm: HcmConnector, workerId: string): Promise<void> {
  if (!hcm.capabilities.has('lifecycle') || !hcm.capabilities.has('change')) return;
  const { onboardings, terminations } = hcm;
  const joining = await onboardings.list({ worker_id: workerId, state: 'hired' });
  for (const { id, revision } of joining.items) {
    await unlessDone(onboardings.change(id, { state: 'provisioned' }, revision));
  }
  const leaving = await terminations.list({ worker_id: workerId, state: 'ended' });
  for (const { id, revision } of leaving.items) {
    await unlessDone(terminations.change(id, { state: 'deprovisioned' }, revision));
  }
}

async function unlessDone(change: Promise<unknown>): Promise<void> {
  try {
    await change;
  } catch (error) {
    if (!(error instanceof Problem) || (error.slug !== 'stale' && error.slug !== 'conflict')) throw error;
  }
}
