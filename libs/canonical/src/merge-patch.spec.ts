import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { code, list, nested, text } from './field.js';
import { changeOf, mergePatch } from './merge-patch.js';

class Address {
  @text('Street')
  street!: string;

  @text('Line 2', { optional: true })
  line2?: string;
}

class Partner {
  @code('Identifier')
  id!: string;

  @text('Name')
  name!: string;

  @text('Remark', { optional: true })
  remark?: string;

  @nested('Address', () => Address, { optional: true })
  address?: Address;

  @list('Branches', () => Address)
  branches!: Address[];
}

class PartnerChange extends changeOf(Partner, ['name', 'remark', 'address', 'branches']) {}

const partner: Partner = { id: 'P-1', name: 'Northwind', remark: 'new', address: { street: 'Elm 1' }, branches: [] };

const changeWith = (members: object) => Object.assign(new PartnerChange(), members);
const faultsOf = (members: object) => validateSync(changeWith(members)).map(({ property }) => property);

test('every example of RFC 7396, appendix A, comes out as printed there', () => {
  const EXAMPLES: [object, unknown, unknown][] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  for (const [target, patch, result] of EXAMPLES) expect(mergePatch(target, patch as object)).toEqual(result);
});

test('what a change does not name stays, and the resource it was made of is not touched', () => {
  const value = fc.string();
  fc.assert(
    fc.property(fc.dictionary(fc.string(), value), fc.dictionary(fc.string(), fc.option(value)), (current, change) => {
      const before = structuredClone(current);
      const changed = mergePatch(current, change as object) as Record<string, unknown>;
      expect(current).toEqual(before);
      for (const name of new Set([...Object.keys(current), ...Object.keys(change)])) {
        const wanted = Object.hasOwn(change, name) ? change[name] : current[name];
        expect(Object.hasOwn(changed, name) ? changed[name] : null).toEqual(wanted ?? null);
      }
    }),
  );
});

test('a change may remove what can be missing, and nothing else', () => {
  expect(faultsOf({ remark: null, address: null })).toEqual([]);
  expect(faultsOf({ name: null })).toEqual(['name']);
  expect(faultsOf({ branches: null })).toEqual(['branches']);
  expect(faultsOf({ name: '' })).toEqual(['name']);
  expect(mergePatch(partner, { remark: null, address: null }, Partner)).toEqual({
    id: 'P-1',
    name: 'Northwind',
    branches: [],
  });
});

test('a part of what is nested is changed alone', () => {
  expect(mergePatch(partner, { address: { line2: 'Rear' } }, Partner).address).toEqual({
    street: 'Elm 1',
    line2: 'Rear',
  });
});

test('a change after which something is missing is refused with its pointer', () => {
  const { address: _, ...homeless } = partner;
  const refused = () => mergePatch<Partner>(homeless, { address: { line2: 'Rear' } }, Partner);
  expect(refused).toThrow(expect.objectContaining({ slug: 'validation-failed' }) as Error);
  expect(refused).toThrow('/address/street is missing after the change');
});
