/**
 * Subscriptions by rest-hook (FHIR R4 §2.47): whenever an Encounter is written that fits the criteria, the endpoint is
 * told. The body is a notification with ids only (Subscriptions R5 Backport 1.1), numbered from 1.
 */
import type { Subscription } from '@medplum/fhirtypes';
import type { SimulatorClock } from '../clock.js';
import type { Faults } from '../faults.js';
import type { EhrRecord, Stored } from './record.js';

const ANSWER_MS = 5000;

export class Subscriptions {
  private readonly sent = new Map<string, number>();
  private held: (() => Promise<void>)[] = [];
  private busy: Promise<void> = Promise.resolve();

  constructor(
    private readonly record: EhrRecord,
    private readonly clock: SimulatorClock,
    private readonly faults: Faults,
  ) {
    record.onChange((resource) => this.notice(resource));
  }

  /** Resolves when everything that was to be said so far is said. */
  async idle(): Promise<void> {
    await this.busy;
  }

  private notice(resource: Stored): void {
    if (resource.resourceType === 'Subscription') return;
    for (const subscription of this.record.all('Subscription') as (Stored & Subscription)[]) {
      if (!this.isActive(subscription) || !fits(resource, subscription.criteria)) continue;
      const number = (this.sent.get(subscription.id) ?? 0) + 1;
      this.sent.set(subscription.id, number);
      this.busy = this.busy.then(() => this.tell(subscription, resource, number));
    }
  }

  private isActive({ status, end }: Subscription): boolean {
    return status === 'active' && (end === undefined || this.clock.now() < new Date(end));
  }

  private async tell(subscription: Stored & Subscription, resource: Stored, number: number): Promise<void> {
    const send = () => post(subscription, notification(subscription, resource, number));
    const waiting = this.held;
    this.held = [];
    switch (this.faults.next('notify')?.kind) {
      case 'lost':
      case 'reset':
      case 'timeout':
        break;
      case 'duplicate':
        await send();
        await send();
        break;
      case 'out-of-order':
        this.held = [send];
        break;
      case 'malformed':
        await post(subscription, '{"resourceType":"Bun');
        break;
      case 'wrong-schema':
        await post(subscription, JSON.stringify({ resourceType: 'Bundle', type: 'subscription-notification' }));
        break;
      default:
        await send();
    }
    for (const late of waiting) await late();
  }
}

/** `Encounter?status=finished`: the type, and elements that have to be so. */
function fits(resource: Stored, criteria: string): boolean {
  const [type, query = ''] = criteria.split('?');
  const elements = resource as unknown as Record<string, unknown>;
  return type === resource.resourceType && [...new URLSearchParams(query)].every(([k, v]) => elements[k] === v);
}

const notification = (subscription: Stored, resource: Stored, number: number): string =>
  JSON.stringify({
    resourceType: 'Bundle',
    type: 'history',
    timestamp: resource.meta.lastUpdated,
    entry: [
      {
        resource: {
          resourceType: 'Parameters',
          parameter: [
            { name: 'subscription', valueReference: { reference: `Subscription/${subscription.id}` } },
            { name: 'status', valueCode: 'active' },
            { name: 'type', valueCode: 'event-notification' },
            { name: 'events-since-subscription-start', valueString: String(number) },
            {
              name: 'notification-event',
              part: [
                { name: 'event-number', valueString: String(number) },
                { name: 'timestamp', valueInstant: resource.meta.lastUpdated },
                { name: 'focus', valueReference: { reference: `${resource.resourceType}/${resource.id}` } },
              ],
            },
          ],
        },
      },
    ],
  });

/** A hook that does not answer is the subscriber's loss: the EHR does not try again. */
async function post({ channel }: Subscription, body: string): Promise<void> {
  const headers = Object.fromEntries(
    (channel.header ?? []).map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    }),
  );
  await fetch(channel.endpoint ?? '', {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/fhir+json' },
    body,
    signal: AbortSignal.timeout(ANSWER_MS),
  }).catch(() => undefined);
}
