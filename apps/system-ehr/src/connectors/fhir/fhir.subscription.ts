/** Our Subscription at the EHR (R4 §2.47): created where there is none, renewed in the middle of its life. */
import type { Subscription } from '@medplum/fhirtypes';
import { Problem } from '@concord/canonical';
import type { Database } from '@concord/database';
import { HOOK_HEADER, HOOK_PATH } from '../../notification-hook.js';
import type { FhirClient } from './fhir.client.js';
import { remember, remembered } from './fhir.tables.js';

const LIFE_MS = 24 * 3_600_000;
const NAME = 'subscription';

interface Subscribing {
  readonly database: Database;
  readonly ehr: FhirClient;
  readonly hookUrl: string;
  readonly hookSecret: string;
  readonly clock: () => Date;
}

/** Makes sure that the EHR will tell us. Asked again at every sweep, so that a subscription that was lost comes back. */
export async function subscribe({ database, ehr, hookUrl, hookSecret, clock }: Subscribing): Promise<void> {
  const id = await remembered<string>(database, NAME);
  const now = clock().getTime();
  const present = id === undefined ? undefined : await ehr.read('Subscription', id).catch(unlessMissing);
  if (present && isGood(present as Subscription, now)) return;
  const wanted: Subscription = {
    resourceType: 'Subscription',
    ...(present && { id: present.id }),
    status: 'requested',
    reason: 'Concord turns finished encounters into charges',
    criteria: 'Encounter?',
    end: new Date(now + LIFE_MS).toISOString(),
    channel: {
      type: 'rest-hook',
      endpoint: `${hookUrl.replace(/\/+$/, '')}${HOOK_PATH}`,
      payload: 'application/fhir+json',
      header: [`${HOOK_HEADER}: ${hookSecret}`],
    },
  };
  const { id: made } = await ehr.write(wanted);
  await remember(database, NAME, made);
}

const isGood = ({ status, end }: Subscription, now: number): boolean =>
  status !== 'off' && status !== 'error' && Date.parse(end ?? '') - now > LIFE_MS / 2;

function unlessMissing(error: unknown): undefined {
  if (error instanceof Problem && error.slug === 'not-found') return undefined;
  throw error;
}
