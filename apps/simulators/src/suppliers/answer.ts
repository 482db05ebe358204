/** An answer of a supplier, and the way back that it takes. */
import { type GroupHeader, type Guide, type InterchangeHeader, inVersion, writeSet, writeX12 } from '@concord/x12';

/** One answer, written when its day has come. */
export interface Answer {
  readonly kind: '997' | '855' | '865' | '856' | '810' | '832' | '846';
  /** The order that it is about. */
  readonly order?: string;
  readonly afterDays: number;
  readonly write: (controlNumber: number, now: Date) => Buffer;
}

/** Writes an answer by its guide, so many days after the order. */
export type Back = <V>(kind: Answer['kind'], afterDays: number, guide: Guide<V>, value: (now: Date) => V) => Answer;

/** The way back: sender and receiver change places. */
export const answering =
  (header: InterchangeHeader, group: GroupHeader): Back =>
  (kind, afterDays, guide, value) => ({
    kind,
    afterDays,
    write: (number, now) => {
      const versioned = inVersion(guide, group.version);
      const [day, clock] = [dayAfter(now, 0), timeOf(now)];
      const { senderQualifier, sender, receiverQualifier, receiver } = header;
      return writeX12([
        {
          header: {
            ...header,
            senderQualifier: receiverQualifier,
            sender: receiver,
            receiverQualifier: senderQualifier,
            receiver: sender,
            date: day.slice(2),
            time: clock,
            controlNumber: String(number).padStart(9, '0'),
          },
          groups: [
            {
              header: {
                ...group,
                functionalId: guide.functionalId,
                sender: group.receiver,
                receiver: group.sender,
                date: day,
                time: clock,
                controlNumber: String(number),
              },
              sets: [writeSet(versioned, '0001', value(now))],
            },
          ],
        },
      ]);
    },
  });

const DAY_MS = 86_400_000;

/** A date of X12, CCYYMMDD. */
export const dayAfter = (now: Date, days: number): string =>
  new Date(now.getTime() + days * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');

/** A time of X12, HHMM. */
export const timeOf = (now: Date): string => now.toISOString().slice(11, 16).replace(':', '');
