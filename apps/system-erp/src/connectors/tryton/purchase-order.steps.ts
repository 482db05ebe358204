/** How each step of an order is taken in Tryton, which knows no approval, and no end of an order without goods. */
import type { NewApproval } from '@concord/canonical';
import type { TrytonRecords } from '@concord/tryton';
import type { PurchaseOrderStep } from '../../ports/purchasing.port.js';
import { noteWith } from './note.js';
import { isExpected, NOBODY, WORD } from './purchase-order.mapping.js';
import type { KnownOrder, Purchases } from './purchases.js';

type Take = (known: KnownOrder, approval?: NewApproval) => Promise<KnownOrder>;

export function orderSteps(tryton: TrytonRecords, purchases: Purchases): Readonly<Record<PurchaseOrderStep, Take>> {
  const note = ({ purchase }: KnownOrder, words: Record<string, string>) =>
    purchases.write(purchase, { comment: noteWith(purchase.comment, words) });

  /** Nothing more is expected: what has not come is called off, and Tryton told not to ask for it again. */
  const end = async ({ purchase, lines }: KnownOrder, words: Record<string, string>) => {
    const context = { company: purchase.company };
    const expected = lines.map((line) => ({ line: line.id, moves: line['moves.'].filter(isExpected) }));
    const open = expected.flatMap(({ moves }) => moves.filter(({ state }) => state === 'draft').map(({ id }) => id));
    if (open.length) await tryton.press('stock.move', 'cancel', open, context);
    const ignored = expected
      .filter(({ moves }) => moves.length)
      .map(({ line, moves }) => ['write', [line], { moves_ignored: [['add', moves.map(({ id }) => id)]] }]);
    if (ignored.length) await tryton.write('purchase.purchase', purchase.id, { lines: ignored }, context);
    return note(await purchases.press(purchase, 'process'), words);
  };

  return {
    submit: ({ purchase }) => purchases.press(purchase, 'quote'),
    approve: (known, approval) => note(known, { [WORD.approved]: approval?.approver ?? NOBODY }),
    send: async ({ purchase }) => {
      const confirmed = await purchases.press(purchase, 'confirm');
      // Tryton processes what is confirmed by itself, but only where it is set up to do it at once.
      const waits = confirmed.purchase.state === 'confirmed';
      return waits ? purchases.press(confirmed.purchase, 'process') : confirmed;
    },
    close: (known) => end(known, { [WORD.closed]: NOBODY }),
    cancel: (known) =>
      known.order.status === 'sent'
        ? end(known, { [WORD.cancelled]: NOBODY })
        : purchases.press(known.purchase, 'cancel'),
  };
}
