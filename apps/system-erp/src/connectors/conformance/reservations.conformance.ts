import { expect, test } from '@jest/globals';
import { Decimal } from 'decimal.js';
import { key, refusal, type CapabilitySuite } from './subject.js';

export const reservations: CapabilitySuite = {
  capability: 'reservations',
  sample: (erp) => erp.port('reservations').listReservations({}),
  tests: (erp) => {
    const reservations = () => erp().port('reservations');
    const wish = (quantity: string) => {
      const { item, location, unit } = erp().codes;
      return { item, location, unit, quantity, reference: key().replace('/', '-'), neededOn: erp().today };
    };

    /** What lies there and is set aside for nobody, by the ERP's own lists. */
    const free = async () => {
      const { item, location } = erp().codes;
      const { items: lying } = await erp().port('valuation').listInventoryValuations({ item, location });
      const asked = { item, location, status: 'reserved' as const, page_size: 500 };
      const { items: reserved } = await reservations().listReservations(asked);
      return reserved.reduce((left, { quantity }) => left.minus(quantity), new Decimal(lying[0]!.quantity));
    };

    test('what is set aside is found by its purpose, and released once', async () => {
      const asked = wish('2');
      const reserved = await reservations().createReservation(key(), asked);
      expect(reserved).toMatchObject({ ...asked, status: 'reserved' });
      expect(await reservations().readReservation(reserved.id)).toEqual(reserved);
      expect((await reservations().listReservations({ reference: asked.reference })).items).toEqual([reserved]);
      const released = await reservations().releaseReservation(reserved.id);
      expect(released).toMatchObject({ status: 'released' });
      expect(await reservations().releaseReservation(reserved.id)).toEqual(released);
      expect(await refusal(reservations().readReservation('RES-0'))).toMatchObject({ slug: 'not-found' });
      expect(await refusal(reservations().releaseReservation('RES-0'))).toMatchObject({ slug: 'not-found' });
    });

    test('the same business key many times at once sets aside once', async () => {
      const [businessKey, asked] = [key(), wish('1')];
      const reserving = () => reservations().createReservation(businessKey, asked);
      const reserved = await erp().atOnce(5, reserving);
      expect(new Set(reserved.map(({ id }) => id)).size).toBe(1);
      expect((await reservations().listReservations({ reference: asked.reference })).items).toHaveLength(1);
    });

    test('of two who want the last of it at once, one gets it, and what he releases is free again', async () => {
      const all = await free();
      const wishes = await erp().atOnce(2, () =>
        reservations()
          .createReservation(key(), wish(all.toFixed()))
          .catch((error: unknown) => refusal(Promise.reject(error))),
      );
      expect(wishes).toContainEqual(expect.objectContaining({ slug: 'insufficient-stock' }));
      const got = wishes.find((one): one is { id: string } => typeof one === 'object' && one !== null && 'id' in one);
      expect((await free()).toFixed()).toBe('0');
      await reservations().releaseReservation(got!.id);
      expect((await free()).equals(all)).toBe(true);
    });

    test('who asks for more than is free is told how much that is', async () => {
      const asked = wish('99999999');
      const { item, location } = asked;
      const context = { item, location, available: (await free()).toFixed() };
      const refused = await refusal(reservations().createReservation(key(), asked));
      expect(refused).toMatchObject({ slug: 'insufficient-stock', context });
      const moon = { item, location: 'STOCK-MOON' };
      const nowhere = await refusal(reservations().createReservation(key(), { ...asked, ...moon }));
      expect(nowhere).toMatchObject({ slug: 'unknown-code', context: moon });
    });

    test.each([
      ['more than is there', { quantity: '99999999' }, 'insufficient-stock'],
      ['an unknown item', { item: 'NO-SUCH-ITEM' }, 'unknown-code'],
      ['an unknown location', { location: 'STOCK-MOON' }, 'unknown-code'],
      ['another unit than that of the item', { unit: 'fathom' }, 'unknown-code'],
      ['nothing', { quantity: '0' }, 'validation-failed'],
      ['less than nothing', { quantity: '-1' }, 'validation-failed'],
    ])('%s is not set aside', async (_, wrong, slug) => {
      const asked = { ...wish('1'), ...wrong };
      expect(await refusal(reservations().createReservation(key(), asked))).toMatchObject({ slug });
      expect((await reservations().listReservations({ reference: asked.reference })).items).toEqual([]);
    });

    test('reservations are found by item, location, status and time of change', async () => {
      const reserved = await reservations().createReservation(key(), wish('1'));
      const { item, location, reference, changedAt } = reserved;
      const found = async (query: object) => (await reservations().listReservations({ reference, ...query })).items;
      expect(await found({ item, location, status: 'reserved', changed_since: changedAt })).toEqual([reserved]);
      for (const other of [{ item: 'OTHER' }, { location: 'OTHER' }, { status: 'released' }])
        expect(await found(other)).toEqual([]);
      expect(await found({ changed_since: '2999-01-01T00:00:00Z' })).toEqual([]);
      await reservations().releaseReservation(reserved.id);
    });
  },
};
