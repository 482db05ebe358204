import { MessageRefused, Problem } from '@concord/canonical';
import { workflow } from '@concord/workflow';
import type { Services } from './services.js';

/**
 * A message that the EHR refused is put before a person, who mends the cause over there and has it sent again, or leaves it.
 * Each refusal is a question of its own.
 */
export const messageToEhr = workflow<Services>()('message-to-ehr', MessageRefused, {
  summary: 'A message that the EHR refused is put before a person, and sent again where that is decided',
  key: ({ messageId, refusals }) => `${messageId}:${refusals}`,
})
  .approval(
    'repetition',
    ({ event }) => ({
      reason: `The EHR has refused message ${event.messageId} (${event.answer}). Mend the cause, then send it again?`,
    }),
    { owner: 'integration' },
  )
  .step('delivery', ({ ehr, event, repetition }) => (repetition ? ehr.repeatMessage(event.messageId) : undefined), {
    keep: ({ id }) => ({ id }),
    undo: () => {
      throw new Problem('not-supported', 'A message that was sent cannot be taken back');
    },
    owner: 'integration',
  });
