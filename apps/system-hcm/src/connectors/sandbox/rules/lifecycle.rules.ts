import {
  Problem,
  type ChecklistItem,
  type ChangesQuery,
  type NewOnboarding,
  type NewTermination,
  type Onboarding,
  type Termination,
} from '@concord/canonical';
import { sql } from 'kysely';
import { ONBOARDING, TERMINATION, WORKER, type Kind, type Versioned } from '../../record/kind.js';
import type { Desk } from '../desk.js';
import type { Rules } from '../sandbox.resource.js';
import { endOpenAssignment } from './placing.js';

/** From which state which one can be reached. */
const ONBOARDING_STEPS: Readonly<Record<Onboarding['state'], readonly Onboarding['state'][]>> = {
  hired: ['provisioned', 'cancelled'],
  provisioned: ['active', 'cancelled'],
  active: [],
  cancelled: [],
};

const TERMINATION_STEPS: Readonly<Record<Termination['state'], readonly Termination['state'][]>> = {
  scheduled: ['ended', 'cancelled'],
  ended: ['deprovisioned'],
  deprovisioned: [],
  cancelled: [],
};

const TO_JOIN: readonly ChecklistItem[] = [
  { code: 'CONTRACT-SIGNED', title: 'The contract is signed', done: false },
  { code: 'LICENSE-VERIFIED', title: 'The license is verified with its issuer', done: false },
  { code: 'SAFETY-TRAINED', title: 'The safety training is passed', done: false },
];

const TO_LEAVE: readonly ChecklistItem[] = [
  { code: 'BADGE-RETURNED', title: 'Badge and keys are returned', done: false },
  { code: 'DEVICES-RETURNED', title: 'Devices are returned', done: false },
  { code: 'FINAL-PAY-SETTLED', title: 'The final pay is settled', done: false },
];

export const onboardingRules: Rules<Onboarding, NewOnboarding> = {
  kind: ONBOARDING,
  begin: async (fresh, desk) => {
    const { workerId, startsOn } = fresh;
    const worker = await desk.known(WORKER, workerId);
    if (worker.status !== 'pre-hire' && worker.status !== 'terminated') {
      throw new Problem('conflict', 'The worker is employed already', { context: { workerId } });
    }
    await refuseSecond(ONBOARDING, workerId, ['hired', 'provisioned'], desk);
    if (worker.status === 'terminated') {
      await desk.replace(WORKER, { ...worker, status: 'pre-hire', startsOn, lastDay: undefined });
    }
    return { ...fresh, state: 'hired', checklist: [...TO_JOIN] };
  },
  become: (now, next) => {
    refuseStep(ONBOARDING_STEPS, now, next);
    const open = next.checklist.filter(({ done }) => !done).map((item) => item.code);
    if (now.state !== 'active' && next.state === 'active' && open.length) {
      const context = { open: open.join(' ') };
      throw new Problem('conflict', 'Something of the checklist is not done', { context });
    }
    return Promise.resolve(next);
  },
  follow: async ({ workerId, state }, before, desk) => {
    if (!before || before.state === state) return;
    const worker = await desk.known(WORKER, workerId);
    if (state === 'active') await desk.replace(WORKER, { ...worker, status: 'active' });
    if (state === 'cancelled') await desk.replace(WORKER, { ...worker, status: 'terminated', lastDay: desk.today });
  },
};

export const terminationRules: Rules<Termination, NewTermination> = {
  kind: TERMINATION,
  begin: async (fresh, desk) => {
    const { workerId } = fresh;
    const { status } = await desk.known(WORKER, workerId);
    if (status === 'terminated') throw new Problem('conflict', 'The worker has left', { context: { workerId } });
    await refuseSecond(TERMINATION, workerId, ['scheduled'], desk);
    return { ...fresh, state: isDue(fresh, desk) ? 'ended' : 'scheduled', checklist: [...TO_LEAVE] };
  },
  become: (now, next) => {
    refuseStep(TERMINATION_STEPS, now, next);
    return Promise.resolve(next);
  },
  follow: async ({ workerId, lastDay, state }, before, desk) => {
    if (before?.state === state || state === 'deprovisioned') return;
    const worker = await desk.known(WORKER, workerId);
    if (state === 'scheduled') await desk.replace(WORKER, { ...worker, lastDay });
    if (state === 'cancelled') await desk.replace(WORKER, { ...worker, lastDay: undefined });
    if (state === 'ended') {
      await endOpenAssignment(workerId, lastDay, desk);
      await desk.replace(WORKER, { ...worker, lastDay, status: 'terminated' });
    }
  },
};

/** A page of the terminations whose last day is over; gives how many there were. */
export async function endDueTerminations(desk: Desk, page: number): Promise<number> {
  const query: ChangesQuery & { state: Termination['state'] } = { state: 'scheduled', page_size: page };
  const { items } = await desk.find(TERMINATION, query, sql`and body->>'lastDay' < ${desk.today}`);
  for (const scheduled of items) {
    const ended = await desk.replace(TERMINATION, { ...scheduled, state: 'ended' });
    await terminationRules.follow?.(ended, scheduled, desk);
  }
  return items.length;
}

const isDue = ({ lastDay, accessEnds }: NewTermination, { today }: Desk): boolean =>
  accessEnds === 'at-once' || lastDay < today;

async function refuseSecond<T extends Versioned & { state: string }>(
  kind: Kind<T>,
  workerId: string,
  open: readonly string[],
  desk: Desk,
): Promise<void> {
  const { items } = await desk.find(kind, { worker_id: workerId } as ChangesQuery);
  const other = items.find(({ state }) => open.includes(state));
  if (other) throw new Problem('conflict', 'Another one is under way', { context: { id: other.id } });
}

function refuseStep<State extends string>(
  steps: Readonly<Record<State, readonly State[]>>,
  now: { state: State },
  next: { state: State },
): void {
  if (now.state === next.state || steps[now.state].includes(next.state)) return;
  throw new Problem('conflict', 'That state is not reached from this one', {
    context: { from: now.state, to: next.state },
  });
}
