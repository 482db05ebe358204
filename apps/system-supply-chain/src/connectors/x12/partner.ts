import type { Strictness } from '@concord/x12';
import type { X12Config } from './x12.config.js';

/** A supplier as a trading partner: how he is named in envelopes, and what he expects of one. */
export interface TradingPartner {
  /** Our code of the supplier. */
  readonly supplier: string;
  readonly qualifier: string; // ISA07
  readonly identifier: string; // ISA08, GS03
  readonly release: '004010' | '005010'; // GS08
  readonly strictness: Strictness;
  /** Whether he takes an 860, which cancels an order, and answers it with an 865. */
  readonly takesChanges: boolean;
}

export interface Partners {
  readonly us: { readonly qualifier: string; readonly identifier: string };
  readonly usage: string;
  readonly all: readonly TradingPartner[];
}

const PARTNER = /^([A-Za-z0-9][\w.:-]*)=([A-Z0-9]{2}):([A-Z0-9-]{2,15}):(004010|005010):(strict|lenient)(:860)?$/;
const US = /^([A-Z0-9]{2}):([A-Z0-9-]{2,15})$/;

/** Read and checked at the start. Throws an error that names the entry that cannot be used. */
export function partnersOf({ sender, partners, usage }: X12Config): Partners {
  const [, qualifier, identifier] = US.exec(sender) ?? fault(`SUPPLIERS_SENDER is not like ZZ:CONCORD: ${sender}`);
  const all = partners.split(',').map((entry): TradingPartner => {
    const [, supplier, of, name, release, strictness, changes] =
      PARTNER.exec(entry.trim()) ??
      fault(`SUPPLIERS_PARTNERS has an entry that is not like SUP-1=ZZ:ACME:004010:strict: ${entry}`);
    return {
      supplier: supplier!,
      qualifier: of!,
      identifier: name!,
      release: release as '004010',
      strictness: strictness as Strictness,
      takesChanges: changes !== undefined,
    };
  });
  const twice = all.find((one, index) => all.findIndex(({ identifier: other }) => other === one.identifier) !== index);
  if (twice) fault(`SUPPLIERS_PARTNERS names ${twice.identifier} twice`);
  return { us: { qualifier: qualifier!, identifier: identifier! }, usage, all };
}

function fault(why: string): never {
  throw new Error(`The supplier network cannot be used: ${why}`);
}
