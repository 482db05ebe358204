/** Which guide a transaction set follows. */
import type { X12Set } from '../envelope.js';
import type { Guide } from '../guide/guide.js';
import { INVENTORY_ADVICE, PRICE_CATALOGUE } from './catalogue.js';
import { INSTITUTIONAL_CLAIM, PROFESSIONAL_CLAIM } from './claim.js';
import { CLAIM_ACKNOWLEDGMENT } from './claim-acknowledgment.js';
import { FUNCTIONAL_ACKNOWLEDGMENT, IMPLEMENTATION_ACKNOWLEDGMENT } from './functional-acknowledgments.js';
import { INVOICE } from './invoice.js';
import { PURCHASE_ORDER, PURCHASE_ORDER_ACKNOWLEDGMENT } from './purchase-order.js';
import { PURCHASE_ORDER_CHANGE, PURCHASE_ORDER_CHANGE_ACKNOWLEDGMENT } from './purchase-order-change.js';
import { REMITTANCE } from './remittance.js';
import { SHIP_NOTICE } from './ship-notice.js';

/** By ST01, and where one set has several guides, by what its version must hold. */
const GUIDES: readonly { readonly guide: Guide<unknown>; readonly version?: RegExp }[] = [
  { guide: INSTITUTIONAL_CLAIM as Guide<unknown>, version: /X223/ },
  { guide: PROFESSIONAL_CLAIM as Guide<unknown>, version: /X222/ },
  { guide: CLAIM_ACKNOWLEDGMENT as Guide<unknown>, version: /X214/ },
  ...[
    REMITTANCE,
    IMPLEMENTATION_ACKNOWLEDGMENT,
    FUNCTIONAL_ACKNOWLEDGMENT,
    PURCHASE_ORDER,
    PURCHASE_ORDER_ACKNOWLEDGMENT,
    PURCHASE_ORDER_CHANGE,
    PURCHASE_ORDER_CHANGE_ACKNOWLEDGMENT,
    SHIP_NOTICE,
    INVOICE,
    PRICE_CATALOGUE,
    INVENTORY_ADVICE,
  ].map((guide) => ({ guide: guide as Guide<unknown> })),
];

/** Undefined for a set that has no table here. */
export const guideOf = ({ id, version }: Pick<X12Set, 'id' | 'version'>): Guide<unknown> | undefined =>
  GUIDES.find(({ guide, version: told }) => guide.id === id && (told === undefined || told.test(version)))?.guide;

/** The same table for another release of X12, for example 005010 where a partner asks for it. */
export const inVersion = <V>(guide: Guide<V>, version: string): Guide<V> => ({ ...guide, version });
