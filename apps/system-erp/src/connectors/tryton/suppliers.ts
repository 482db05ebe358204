/** The supplier master: parties of Tryton that are in the category of suppliers. Its employees are parties too. */
import {
  DEFAULT_PAGE_SIZE,
  mergePatch,
  pagePosition,
  Problem,
  refuseStale,
  stale,
  Supplier,
  toPage,
} from '@concord/canonical';
import type { NewSupplier, Page, PostalAddress, SupplierChange } from '@concord/canonical';
import { Once, type Turns } from '@concord/resilience';
import { changedSince, literally, markOf, TrytonRefusal, type Domain, type TrytonRecords } from '@concord/tryton';
import { Suppliers } from '../../ports/suppliers.port.js';
import type { SupplierQuery } from '../../queries.js';
import { unknown, wrong } from '../purchasing-rules.js';
import { Held } from './held.js';
import type { PaymentTerms } from './payment-terms.js';
import type { StructureCache } from './structure.cache.js';
import {
  addressOf,
  EIN,
  einOf,
  keyIdentifier,
  PARTY_FIELDS,
  toParty,
  toSupplier,
  type WireParty,
} from './supplier.mapping.js';
import type { Binding } from './tryton-erp.config.js';

const PARTY = 'party.party';

/** A party that is no longer active is a supplier still. */
const ALL = { active_test: false };

/** A supplier, and what Tryton calls it. */
export interface KnownSupplier {
  readonly party: number;
  /** Where its orders and invoices go. */
  readonly address: number | undefined;
  readonly term: number | undefined;
  /** The identifier that is its tax number. */
  readonly ein: number | undefined;
  readonly supplier: Supplier;
}

export class TrytonSuppliers extends Suppliers {
  private readonly once = new Once();
  private readonly categories = new Held<number>();

  constructor(
    private readonly tryton: TrytonRecords,
    private readonly structure: StructureCache,
    private readonly binding: Binding,
    private readonly terms: PaymentTerms,
    private readonly turns: Turns,
  ) {
    super();
  }

  /** Bank details are entered in Tryton itself, never through us. */
  override createSupplier(businessKey: string, supplier: NewSupplier): Promise<Supplier> {
    const mark = markOf(`supplier ${businessKey}`);
    return this.once.run(mark, async () => {
      await this.checkCurrency(supplier);
      const term = await this.terms.idFor(supplier.paymentDays);
      const category = await this.category(this.binding.suppliers);
      return this.turns.take([mark, ...taxNumberOf(supplier)], async () => {
        const [known] = await this.suppliers([withMark(mark)], 1);
        if (known) return known.supplier;
        const party = await this.make(mark, supplier, term, category);
        const [made] = await this.suppliers([['id', '=', party]], 1);
        if (!made) throw new Problem('upstream-unavailable', 'Tryton did not keep what it took');
        return made.supplier;
      });
    });
  }

  override async readSupplier(id: string): Promise<Supplier> {
    const known = await this.known(id);
    if (!known) throw new Problem('not-found', 'There is no such supplier');
    return known.supplier;
  }

  /** In the order they came into Tryton. */
  override async listSuppliers(query: SupplierQuery): Promise<Page<Supplier>> {
    const { name, tax_id, active, changed_since, page_token, page_size = DEFAULT_PAGE_SIZE } = query;
    const after = pagePosition<number>(page_token, Number.isSafeInteger) ?? 0;
    const domain: unknown[] = [['id', '>', after]];
    if (name) domain.push(['name', 'ilike', `%${literally(name)}%`]);
    if (tax_id) domain.push(withTaxNumber(tax_id));
    if (active) domain.push(['active', '=', active === 'true']);
    if (changed_since) domain.push(changedSince(changed_since));
    const found = await this.suppliers(domain, page_size + 1);
    return toPage(
      found,
      page_size,
      ({ party }) => party,
      ({ supplier }) => supplier,
    );
  }

  override async changeSupplier(id: string, expected: string, change: SupplierChange): Promise<Supplier> {
    const known = await this.known(id);
    if (!known) throw new Problem('not-found', 'There is no such supplier');
    refuseStale(expected, known.supplier.revision);
    const changed = mergePatch<Supplier>(known.supplier, change, Supplier);
    await this.checkCurrency(changed);
    const term = await this.terms.idFor(changed.paymentDays);
    const blocked = await this.category(this.binding.blockedSuppliers);
    return this.turns.take(taxNumberOf(changed), async () => {
      if (changed.active) await this.refuseTwin(changed, id);
      await this.write(known, changed, term, blocked);
      return this.readSupplier(id);
    });
  }

  /** Undefined where there is none of this number. */
  async known(id: string): Promise<KnownSupplier | undefined> {
    return (await this.suppliers([['code', '=', id]], 1))[0];
  }

  private async make(mark: string, supplier: NewSupplier, term: number, category: number): Promise<number> {
    await this.refuseTwin(supplier);
    const identifiers = [
      { code: keyIdentifier(mark) },
      ...(supplier.taxId ? [{ type: EIN, code: supplier.taxId }] : []),
    ];
    const values = {
      ...toParty(supplier, term),
      categories: [['add', [category]]],
      identifiers: [['create', identifiers]],
      addresses: [['create', [{ invoice: true, ...(await this.addressOf(supplier.address)) }]]],
    };
    const [party = 0] = await this.tryton.create(PARTY, [values]);
    return party;
  }

  private async write(
    { party, address, ein, supplier }: KnownSupplier,
    changed: Supplier,
    term: number,
    blocked: number,
  ): Promise<void> {
    const values = {
      ...toParty(changed, term),
      active: changed.active,
      categories: [[changed.blocked ? 'add' : 'remove', [blocked]]],
      identifiers: identifierChange(ein, changed.taxId),
      addresses: [
        address === undefined
          ? ['create', [{ invoice: true, ...(await this.addressOf(changed.address)) }]]
          : ['write', [address], await this.addressOf(changed.address)],
      ],
    };
    try {
      await this.tryton.write(PARTY, party, values, ALL, supplier.revision);
    } catch (error) {
      if (error instanceof TrytonRefusal && error.reason === 'changed-meanwhile') throw stale();
      throw error;
    }
  }

  /** The fields of an address; a country or a region that Tryton does not have is refused. */
  private async addressOf(address: PostalAddress | undefined): Promise<object> {
    if (!address) return { street: null, city: null, postal_code: null, country: null, subdivision: null };
    const { street, city, region, postalCode = null, country: code } = address;
    const country = await this.tryton.first('country.country', [['code', '=', code]], ['code']);
    if (!country) throw unknown('Tryton does not know the country', { country: code });
    const asked = ['OR', ['code', '=', `${code}-${region}`], ['name', '=', region]];
    const subdivision = region
      ? await this.tryton.first('country.subdivision', [['country', '=', country.id], asked], ['code'])
      : undefined;
    if (region && !subdivision) throw unknown('Tryton does not know the region', { region });
    return { street, city, postal_code: postalCode, country: country.id, subdivision: subdivision?.id ?? null };
  }

  private async checkCurrency({ currency }: NewSupplier): Promise<void> {
    const known = [...(await this.structure.get()).books.values()].map(({ entity }) => entity.currency);
    if (!known.includes(currency))
      throw wrong('/currency', 'currency', `must be ${known[0]}, the currency of the books`);
  }

  private async refuseTwin({ taxId }: NewSupplier, own?: string): Promise<void> {
    if (taxId === undefined) return;
    const twin = (await this.suppliers([withTaxNumber(taxId), ['active', '=', true]], 2)).find(
      ({ supplier }) => supplier.id !== own,
    );
    if (!twin) return;
    throw new Problem('conflict', 'Another supplier has this tax number', { context: { supplier: twin.supplier.id } });
  }

  /** Made where it is missing: that a supplier is one must not depend on how Tryton was prepared. */
  private async category(name: string): Promise<number> {
    const find = async () => (await this.tryton.first('party.category', [['name', '=', name]], ['name']))?.id;
    const found = await this.categories.get(name, find);
    if (found !== undefined) return found;
    return this.turns.take([`category ${name}`], async () => {
      return (await find()) ?? (await this.tryton.create('party.category', [{ name }]))[0]!;
    });
  }

  private async suppliers(domain: Domain, limit: number): Promise<KnownSupplier[]> {
    const { suppliers, blockedSuppliers } = this.binding;
    const ours = [['categories.name', '=', suppliers], ...domain];
    const parties = await this.tryton.find<WireParty>(PARTY, ours, PARTY_FIELDS, { limit, context: ALL });
    if (!parties.length) return [];
    const currency = [...(await this.structure.get()).books.values()][0]?.entity.currency ?? '';
    return parties.map((party) => ({
      party: party.id,
      address: addressOf(party)?.id,
      term: party.supplier_payment_term ?? undefined,
      ein: einOf(party)?.id,
      supplier: toSupplier(party, currency, blockedSuppliers),
    }));
  }
}

const withTaxNumber = (taxId: string): Domain => [
  'identifiers',
  'where',
  [
    ['type', '=', EIN],
    ['code', '=', taxId],
  ],
];

const withMark = (mark: string): Domain => [
  'identifiers',
  'where',
  [
    ['type', '=', null],
    ['code', '=', keyIdentifier(mark)],
  ],
];

function identifierChange(ein: number | undefined, taxId: string | undefined): unknown[] {
  if (ein === undefined) return taxId === undefined ? [] : [['create', [{ type: EIN, code: taxId }]]];
  return [taxId === undefined ? ['delete', [ein]] : ['write', [ein], { code: taxId }]];
}

/** A tax number belongs to one supplier. */
const taxNumberOf = ({ taxId }: NewSupplier): string[] => (taxId === undefined ? [] : [`tax number ${taxId}`]);
