import { pointerTo, type Hl7Message } from '@concord/hl7v2';
import type { Loss } from '../facts/message-notes.js';

/** Fields that number, address or time a message, and say nothing of anybody. */
const STRUCTURE: Readonly<Record<string, readonly number[]>> = {
  EVN: [1],
  PID: [1],
  PV1: [1],
  DG1: [1],
  PR1: [1],
  IN1: [1],
  FT1: [1],
  OBR: [1],
  OBX: [1],
  AIS: [1, 2],
  AIL: [1, 2],
  AIP: [1, 2],
  MFE: [2, 3, 5],
};

const IS_KEPT = 'is kept as it came, and not mapped';
const NOT_NEEDED = 'is not carried: nothing here needs it';
const NOT_READ = 'is not read: finance needs no such segment';

const MOST = 200;

/** What a mapping left unread, field by field; of a segment that nobody looks at, the segment. Holds no value. */
export function lossesOf(message: Hl7Message): Loss[] {
  const losses = new Map<string, Loss>();
  for (const segment of message.body) {
    const { name } = segment;
    const unread = segment.unread();
    const structure = STRUCTURE[name];
    if (name.startsWith('Z')) losses.set(name, { place: name, reason: IS_KEPT });
    else if (structure === undefined && segment.isUnread) {
      losses.set(name, { place: name, reason: NOT_READ });
    } else {
      for (const field of unread) {
        if (structure?.includes(field)) continue;
        const place = pointerTo({ segment: name, field });
        if (losses.size < MOST) losses.set(place, { place, reason: NOT_NEEDED });
      }
    }
  }
  return [...losses.values()];
}
