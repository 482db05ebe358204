/** How somebody comes and goes: an onboarding and a termination, each with its states and what has to be done. */
import { choice, code, day, flag, list, text } from './field.js';
import { changeOf } from './merge-patch.js';
import { changedAt, revision } from './revision.js';

export class ChecklistItem {
  @code('Item', { example: 'LICENSE-VERIFIED' })
  code!: string;

  @text('What has to be done')
  title!: string;

  @flag('Whether it is done')
  done!: boolean;
}

export const ONBOARDING_STATE = ['hired', 'provisioned', 'active', 'cancelled'] as const;

export class NewOnboarding {
  @code('Worker; of one who left, it is his return')
  workerId!: string;

  @day('First day')
  startsOn!: string;
}

/** From `hired` by `provisioned` (he has an account) to `active` (all is done, and he works). */
export class Onboarding extends NewOnboarding {
  @code('Identifier', { example: 'ON-1001' })
  id!: string;

  @choice('State', ONBOARDING_STATE)
  state!: (typeof ONBOARDING_STATE)[number];

  @list('What has to be done before he works', () => ChecklistItem, { max: 100 })
  checklist!: ChecklistItem[];

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}

export class OnboardingChange extends changeOf(Onboarding, ['state', 'checklist']) {}

export const TERMINATION_STATE = ['scheduled', 'ended', 'deprovisioned', 'cancelled'] as const;

export class NewTermination {
  @code('Worker')
  workerId!: string;

  @day('Last day of work')
  lastDay!: string;

  @choice('Why', ['voluntary', 'involuntary', 'retirement', 'end-of-contract'])
  reason!: 'voluntary' | 'involuntary' | 'retirement' | 'end-of-contract';

  @choice('When he loses access', ['after-last-day', 'at-once'])
  accessEnds!: 'after-last-day' | 'at-once';
}

/** From `scheduled` by `ended` (he is terminated) to `deprovisioned` (his accounts are closed). */
export class Termination extends NewTermination {
  @code('Identifier', { example: 'OFF-1001' })
  id!: string;

  @choice('State', TERMINATION_STATE)
  state!: (typeof TERMINATION_STATE)[number];

  @list('What has to be done', () => ChecklistItem, { max: 100 })
  checklist!: ChecklistItem[];

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}

export class TerminationChange extends changeOf(Termination, ['state', 'checklist']) {}
