import type { PurchaseOrderSetLine } from '@concord/x12';

export type OrderedLine = PurchaseOrderSetLine['line'];

/** What a supplier can do with an order. */
export interface Standing {
  /** Whether his system cannot read the orders or changes that come now, though they are right. */
  readonly isDeaf: () => boolean;
  /** Cancels an order; false where it is gone already. */
  readonly cancel: (order: string) => boolean;
  /** Takes an order as it is told; a change of it tells all of its lines. */
  readonly note: (order: string, lines: readonly OrderedLine[]) => void;
  /** The lines of an order as they are now. */
  readonly linesOf: (order: string) => readonly OrderedLine[] | undefined;
  /** Whether it was sent off: then each line is held to what was in it. */
  readonly isGone: (order: string) => boolean;
  readonly isCancelled: (order: string) => boolean;
}
