/** A purchase of Tryton with its lines, and with what came and was invoiced of each, as it is read in one call. */
import { STAMPS, type Stamped, type WireDay, type WireDecimal } from '@concord/tryton';

/** What came of a line, or is expected to. */
export interface WireExpected {
  readonly product: number;
  readonly uom: number;
  readonly from_location: number;
  readonly to_location: number;
  readonly unit_price: WireDecimal | null;
  readonly currency: number | null;
}

type Changed = Omit<Stamped, '_timestamp'>;

export interface WireMove extends WireExpected, Changed {
  readonly id: number;
  readonly state: 'staging' | 'draft' | 'assigned' | 'done' | 'cancelled';
  readonly shipment: string | null;
  readonly quantity: number;
  readonly 'uom.': { readonly factor: number };
}

export interface WireInvoiced {
  readonly quantity: number;
  readonly 'unit.': { readonly factor: number } | null;
  readonly 'invoice.': Changed & { readonly state: string };
}

export interface WirePurchaseLine {
  readonly id: number;
  /** Others than `line` are words in between. */
  readonly type: string;
  readonly 'product.': { readonly id: number; readonly code: string; readonly type: string } | null;
  readonly quantity: number;
  readonly 'unit.': { readonly id: number; readonly name: string; readonly factor: number } | null;
  readonly unit_price: WireDecimal;
  readonly description: string | null;
  readonly note: string | null;
  /** Moves in whose place others came: what was received and given back. */
  readonly moves_recreated: readonly number[];
  readonly 'moves.': readonly WireMove[];
  readonly 'invoice_lines.': readonly WireInvoiced[];
}

export interface WirePurchase extends Stamped {
  readonly id: number;
  readonly company: number;
  readonly party: number;
  readonly invoice_address: number;
  readonly warehouse: number;
  readonly 'party.': { readonly code: string };
  /** `Concord #0123…cdef`: a digest of our business key. */
  readonly description: string | null;
  readonly comment: string | null;
  readonly state: 'draft' | 'quotation' | 'confirmed' | 'processing' | 'done' | 'cancelled';
  readonly invoice_state: 'none' | 'waiting' | 'paid' | 'exception';
  readonly delivery_date: WireDay | null;
  readonly 'lines.': readonly WirePurchaseLine[];
}

const within = (of: string, fields: readonly string[]): string[] => fields.map((field) => `${of}.${field}`);

const CHANGED = ['create_date', 'write_date'];
const EXPECTED = ['product', 'uom', 'from_location', 'to_location', 'unit_price', 'currency'];

const LINE_FIELDS = [
  ...['type', 'product.code', 'product.type', 'quantity', 'unit.name', 'unit.factor', 'unit_price'],
  ...['description', 'note', 'moves_recreated'],
  ...within('moves', ['state', 'shipment', 'quantity', 'uom.factor', ...EXPECTED, ...CHANGED]),
  ...within('invoice_lines', ['quantity', 'unit.factor', 'invoice.state', ...within('invoice', CHANGED)]),
];

/** All of a purchase, so that it is read in one call. */
export const PURCHASE_FIELDS = [
  ...['company', 'party', 'party.code', 'invoice_address', 'warehouse', 'description', 'comment', 'state'],
  ...['invoice_state', 'delivery_date', ...STAMPS],
  ...within('lines', LINE_FIELDS),
];
