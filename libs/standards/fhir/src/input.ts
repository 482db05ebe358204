import type { ExtractResource, Resource, ResourceType } from '@medplum/fhirtypes';

/** How FHIR content can come in. */
export type FhirForm =
  | 'resource' // one resource
  | 'transaction' // a Bundle of any of the next five types
  | 'batch'
  | 'collection'
  | 'searchset'
  | 'history'
  | 'subscription-notification'; // a Bundle whose first entry tells the state of a subscription

/** FHIR content of any form, as changes in the order they are to be taken: of a history the oldest first. */
export interface FhirInput {
  readonly form: FhirForm;
  readonly resources: readonly FhirChange[];
  /** Present exactly where the form is `subscription-notification`. */
  readonly notification?: FhirNotification;
}

export type FhirChange = FhirUpsert | FhirDeletion;

/** The resource as it is now, with an id; references to other resources of the same bundle read `Type/id`. */
export interface FhirUpsert {
  readonly operation: 'upsert';
  readonly resource: Resource & { readonly id: string };
  readonly fullUrl?: string;
}

/** The resource is gone; only its type and id are known. */
export interface FhirDeletion {
  readonly operation: 'delete';
  readonly resource: { readonly resourceType: string; readonly id: string };
  readonly fullUrl?: string;
}

export const NOTIFICATION_TYPES = [
  'handshake', // the server tries the channel
  'heartbeat', // nothing happened, and the server is alive
  'event-notification',
  'query-status',
  'query-event',
] as const;

/** The state of a subscription (R4B SubscriptionStatus, or the Parameters of the R5 backport for R4). */
export interface FhirNotification {
  readonly type: (typeof NOTIFICATION_TYPES)[number];
  /** Reference to the Subscription at the sender. */
  readonly subscription: string;
  /** Canonical URL of the topic. */
  readonly topic?: string;
  /** `requested`, `active`, `error` or `off`. */
  readonly status?: string;
  /** How many events there were since the subscription began; a gap to the last number seen means that some are missing. */
  readonly eventsSinceStart?: number;
  readonly events: readonly FhirNotificationEvent[];
}

export interface FhirNotificationEvent {
  /** Counts from 1 over the life of the subscription. */
  readonly number: number;
  readonly timestamp?: string;
  /** What it is about: `Type/id` where the bundle names it. With `id-only` content this is all there is, and is to be read back. */
  readonly focus?: string;
}

/** The resources of one type that came in, deletions aside. */
export function resourcesOf<K extends ResourceType>(input: FhirInput, type: K): ExtractResource<K>[] {
  return input.resources.flatMap(({ operation, resource }) =>
    operation === 'upsert' && resource.resourceType === type ? [resource as ExtractResource<K>] : [],
  );
}

/** Finds a resource that came in by a reference of the form `Type/id`. */
export function lookupIn(input: FhirInput): (reference: string) => Resource | undefined {
  const byName = new Map<string, Resource>();
  for (const { operation, resource } of input.resources) {
    if (operation === 'upsert') byName.set(`${resource.resourceType}/${resource.id}`, resource);
  }
  return (reference) => byName.get(reference);
}
