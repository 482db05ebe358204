import { readX12, setsOf } from '@concord/x12';
import { sql } from 'kysely';
import { waitUntil } from '@concord/testing';
import { DAY, startExchange, vault, type Exchange } from './exchange.fixture.js';

let exchange: Exchange;

beforeAll(async () => {
  exchange = await startExchange();
});
afterAll(() => exchange.stop());

describe('What is lost, comes twice or is broken', () => {
  it('a lost reply sends no second file, and control numbers have no gap', async () => {
    exchange.clearinghouse.server.fail({ on: 'rename', kind: 'reply-lost' });
    const claim = await exchange.raise();
    await expect(exchange.connector.sendNow()).rejects.toMatchObject({ retryable: true });
    await waitUntil('the mailbox to be back', async () => {
      await exchange.connector.sendNow().catch(() => undefined);
      return (await exchange.connector.readClaimStatus(claim.id)).status !== 'ready';
    });
    await exchange.becomes(claim.id, 'accepted');
    const numbers = (await exchange.rowsOf('sent_file'))
      .map(({ interchange }) => Number(interchange))
      .sort((a, b) => a - b);
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  });

  it('a claim that was written before a crash is not written again under another number', async () => {
    const claim = await exchange.raise();
    exchange.clearinghouse.server.fail({ on: 'write', kind: 'drop' });
    await expect(exchange.connector.sendNow()).rejects.toMatchObject({ retryable: true });
    const written = await exchange.rowsOf('sent_claim');
    const again = exchange.open();
    await again.onModuleInit();
    await waitUntil('the file to be sent', async () => {
      await again.sendNow().catch(() => undefined);
      return (await again.readClaimStatus(claim.id)).status !== 'ready';
    });
    expect(await exchange.rowsOf('sent_claim')).toEqual(written);
    await exchange.becomes(claim.id, 'accepted');
  });

  it('an answer that comes twice is worked in once', async () => {
    exchange.tell('277', 'duplicate');
    const claim = await exchange.raise();
    await exchange.connector.sendNow();
    await exchange.becomes(claim.id, 'accepted');
    await waitUntil('both to be taken', async () => exchange.clearinghouse.server.list('/outbox').length === 0);
    const { history } = await exchange.connector.readClaimStatus(claim.id);
    expect(history.filter(({ source }) => source === 'payer')).toHaveLength(1);
  });

  it('an answer that is cut off or is no X12 is kept and loses nothing beside it', async () => {
    exchange.tell('999', 'malformed');
    exchange.tell('277', 'wrong-schema');
    const claim = await exchange.raise();
    await exchange.connector.sendNow();
    await exchange.becomes(claim.id, 'submitted');
    const isFaulty = ({ outcome }: Record<string, unknown>) => outcome === 'faulty';
    await waitUntil('the 999 to be taken', async () => (await exchange.rowsOf('received')).some(isFaulty));
    await exchange.clock.turn(15 * DAY);
    await exchange.becomes(claim.id, 'paid');
  });

  it('answers that come in another order leave the claim where it belongs', async () => {
    exchange.tell('999', 'out-of-order');
    const claim = await exchange.raise();
    await exchange.connector.sendNow();
    const { history } = await exchange.becomes(claim.id, 'accepted');
    expect(history.length).toBeGreaterThan(2);
  });

  it('names nobody in the ledger of the exchange, and opens every file with the vault only', async () => {
    const files = await exchange.rowsOf('sent_file');
    expect(files.length).toBeGreaterThan(0);
    for (const { content, name } of files) {
      expect((content as Buffer).toString('latin1')).not.toContain('SYNTHETICA');
      expect(setsOf(readX12(vault.open(content as Buffer, name as string))).length).toBeGreaterThan(0);
    }
  });
});

describe('What could not be used', () => {
  const openFiles = async () => (await exchange.connector.listReceivedFiles({ status: 'open', page_size: 500 })).items;
  const arrives = (known: readonly { id: string }[]) =>
    waitUntil('the file to be listed', async () =>
      (await openFiles()).find((file) => known.every(({ id }) => id !== file.id)),
    );

  it('is listed with its place, tried again, and given up by a person', async () => {
    const known = await openFiles();
    exchange.tell('277', 'malformed');
    const claim = await exchange.raise();
    await exchange.connector.sendNow();
    const file = await arrives(known);
    expect(file).toMatchObject({ partner: 'clearinghouse', attempts: 1 });
    expect(file.faults[0]!.position).toMatch(/^ISA\[\d{9}\].* at byte \d+$/);
    expect(JSON.stringify(file)).not.toContain('SYNTHETICA');
    const again = await exchange.connector.retryReceivedFile(file.id);
    expect(again).toMatchObject({ status: 'open', attempts: 2, faults: file.faults });
    const gone = await exchange.connector.discardReceivedFile(file.id, 'The clearinghouse sends it again');
    expect(gone).toMatchObject({ status: 'discarded', discardedBecause: 'The clearinghouse sends it again' });
    await expect(exchange.connector.retryReceivedFile(file.id)).rejects.toMatchObject({ slug: 'conflict' });
    expect((await exchange.connector.readClaimStatus(claim.id)).status).not.toBe('rejected');
  });

  it('because its control number came before is worked in when a person says so, once', async () => {
    const claim = await exchange.raise();
    exchange.tell('277', 'lost');
    await exchange.connector.sendNow();
    await exchange.becomes(claim.id, 'submitted');
    const sample = (await exchange.raise({}, { memberId: 'X00000002' })).number;
    const [file] = await takenIn(sample);
    const known = await openFiles();
    const other = file!.replaceAll(sample, claim.number);
    exchange.clearinghouse.server.write('/outbox/again.x12', Buffer.from(other, 'latin1'));
    const listed = await arrives(known);
    expect(listed.faults).toEqual([
      { position: expect.stringMatching(/^ISA/), reason: 'Its control number came before with another content' },
    ]);
    expect(await exchange.connector.retryReceivedFile(listed.id)).toMatchObject({ status: 'worked', faults: [] });
    await exchange.becomes(claim.id, 'rejected');
  });

  /** The 277CA of a claim as it came, out of the raw messages. */
  async function takenIn(number: string): Promise<string[]> {
    await exchange.connector.sendNow();
    await exchange.becomes(number, 'rejected');
    const { rows } = await sql<{ id: string; sealed: Buffer }>`
      select id, body as sealed from events.raw_message where source = 'x12'`.execute(exchange.database);
    const texts = rows.map(({ id, sealed }) => vault.open(sealed, id).toString('latin1'));
    return texts.filter((text) => text.includes('*HN*') && text.includes(number));
  }
});
