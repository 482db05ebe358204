import type { UnderTest } from './subject.js';

/** The tests of files that could not be used. @param of the connector under test, once it is there */
export function receivedFiles(of: () => UnderTest): void {
  it('lists what of files could not be used, and knows no other', async () => {
    const { items } = await of().connector.listReceivedFiles({ status: 'open' });
    expect(items.every(({ faults }) => faults.length > 0)).toBe(true);
    await expect(of().connector.readReceivedFile('RF-000000')).rejects.toMatchObject({ slug: 'not-found' });
    await expect(of().connector.retryReceivedFile('RF-000000')).rejects.toMatchObject({ slug: 'not-found' });
  });
}
