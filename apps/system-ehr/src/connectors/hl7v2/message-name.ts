import type { Hl7Message } from '@concord/hl7v2';

/**
 * What a message is known by: its sender, its control id, its type, and all it says after its header. Senders repeat a
 * message until it is acknowledged, some with a new MSH-7, and that must change nothing; others give one control id to
 * many messages, and none of those may be lost.
 */
export function messageName(message: Hl7Message): string {
  const { sendingFacility, sendingApplication, controlId, type, trigger } = message.header;
  const text = message.toString();
  const said = text.slice(text.indexOf('\r'));
  return JSON.stringify([sendingFacility, sendingApplication, controlId, type, trigger, said]);
}
