import type { ChangesQuery } from '@concord/canonical';
import type { UnderTest } from './subject.js';

/** The tests of what is charged and who pays. @param of the connector under test, once it is there */
export function chargeMaster(of: () => UnderTest): void {
  it('pages through the charge master, each entry once', async () => {
    const all = await of().connector.listChargeItems({ page_size: 500 });
    const seen: string[] = [];
    let page_token: string | undefined;
    do {
      const page = await of().connector.listChargeItems({ page_size: 20, page_token });
      seen.push(...page.items.map(({ code }) => code));
      page_token = page.nextPageToken;
    } while (page_token);
    expect(seen).toEqual(all.items.map(({ code }) => code));
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('reads an entry of the charge master, and lists it with its service line', async () => {
    const item = await of().connector.readChargeItem(of().chargeCode);
    expect(item.code).toBe(of().chargeCode);
    const { items } = await of().connector.listChargeItems({ service_line: item.serviceLine, page_size: 500 });
    expect(items).toContainEqual(item);
    expect(items.every(({ serviceLine }) => serviceLine === item.serviceLine)).toBe(true);
    await expect(of().connector.readChargeItem('CH-NOTHING')).rejects.toMatchObject({ slug: 'not-found' });
  });

  it('reads a payer it has listed, and no other', async () => {
    const { items } = await of().connector.listPayers({});
    const payer = items.find(({ code }) => code === of().payer);
    await expect(of().connector.readPayer(of().payer)).resolves.toEqual(payer);
    await expect(of().connector.readPayer('NOBODY')).rejects.toMatchObject({ slug: 'not-found' });
  });

  it('finds charges, payers and their rules by when they were changed', async () => {
    const lists = [
      (query: ChangesQuery) => of().connector.listChargeItems(query),
      (query: ChangesQuery) => of().connector.listPayers(query),
      (query: ChangesQuery) => of().connector.listPayerRules(query),
    ];
    for (const list of lists) {
      const { items: all } = await list({ page_size: 500 });
      const latest = all
        .map(({ changedAt }) => changedAt)
        .sort()
        .at(-1)!;
      const { items } = await list({ page_size: 500, changed_since: latest });
      expect(items).toEqual(all.filter(({ changedAt }) => changedAt === latest));
      expect(items).not.toEqual([]);
      const later = new Date(Date.parse(latest) + 1).toISOString();
      await expect(list({ changed_since: later })).resolves.toEqual({ items: [] });
    }
  });

  it('says what each payer asks of a claim', async () => {
    const { items } = await of().connector.listPayerRules({ payer: of().payer });
    expect(items).toMatchObject([{ payer: of().payer, timelyFilingDays: expect.any(Number) }]);
  });
}
