import type { Faults } from './fault.js';
import { type FhirNotification, type FhirNotificationEvent, NOTIFICATION_TYPES } from './input.js';
import { isObject, type JsonObject, listOr, objectOr, textOr } from './json.js';
import type { References } from './resolve.js';

/**
 * The first entry of a notification bundle (Subscriptions R5 Backport 1.1): `SubscriptionStatus` in R4B and R5; in R4 a
 * `Parameters` with the same things as parameters.
 */
export function isNotificationStatus(resource: unknown): resource is JsonObject {
  if (!isObject(resource)) return false;
  if (resource['resourceType'] === 'SubscriptionStatus') return true;
  if (resource['resourceType'] !== 'Parameters') return false;
  const names = listOr(resource['parameter']).map((parameter) => objectOr(parameter)['name']);
  return names.includes('subscription') && names.includes('type');
}

/** Reads it; a wrong or missing type, subscription or event number is a fault at its pointer. */
export function readNotification(
  resource: JsonObject,
  pointer: string,
  references: References,
  faults: Faults,
): FhirNotification {
  const inR4 = resource['resourceType'] === 'Parameters';
  const status = inR4 ? statusOfParameters(resource) : resource;
  const at = (element: string): string => (inR4 ? `${pointer}/parameter` : `${pointer}/${element}`);
  const type = NOTIFICATION_TYPES.find((known) => known === status['type']);
  const subscription = textOr(objectOr(status['subscription'])['reference']);
  if (type === undefined) faults.add(at('type'), 'code', `The type must be one of ${NOTIFICATION_TYPES.join(', ')}`);
  if (subscription === undefined) faults.add(at('subscription'), 'required', 'The subscription is missing');
  return {
    type: type ?? 'event-notification',
    subscription: subscription ?? '',
    topic: textOr(status['topic']),
    status: textOr(status['status']),
    eventsSinceStart: countOf(status['eventsSinceSubscriptionStart']),
    events: listOr(status['notificationEvent']).map((event) =>
      readEvent(objectOr(event), at('notificationEvent'), references, faults),
    ),
  };
}

function readEvent(event: JsonObject, pointer: string, references: References, faults: Faults): FhirNotificationEvent {
  const number = countOf(event['eventNumber']);
  const focus = textOr(objectOr(event['focus'])['reference']);
  if (number === undefined) faults.add(pointer, 'required', 'The number of an event is missing');
  return {
    number: number ?? 0,
    timestamp: textOr(event['timestamp']),
    focus: focus === undefined ? undefined : (references.nameOf(focus) ?? focus),
  };
}

/** Parameters in the form of SubscriptionStatus: `notification-event` becomes `notificationEvent`, its parts its elements. */
function statusOfParameters(resource: JsonObject): JsonObject {
  const status = elementsOf(resource['parameter']);
  const events = listOr(resource['parameter'])
    .map(objectOr)
    .filter((parameter) => parameter['name'] === 'notification-event');
  return { ...status, notificationEvent: events.map((event) => elementsOf(event['part'])) };
}

function elementsOf(parameters: unknown): JsonObject {
  const elements: Record<string, unknown> = {};
  for (const parameter of listOr(parameters).map(objectOr)) {
    const name = textOr(parameter['name'])?.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const value = Object.entries(parameter).find(([key]) => key.startsWith('value'))?.[1];
    if (name !== undefined) elements[name] = value;
  }
  return elements;
}

/** integer64 travels as a string (FHIR R5 §2.1.28.0.1), but was a number in some drafts. */
function countOf(value: unknown): number | undefined {
  const count = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}
