import { waitUntil } from '@concord/testing';
import { readX12, setsOf } from '@concord/x12';
import { CLEARINGHOUSE_ACCOUNT } from '../../../../simulators/src/clearinghouse/clearinghouse.simulator.js';
import { DAY, startExchange, type Exchange } from './exchange.fixture.js';

let exchange: Exchange;

beforeAll(async () => {
  exchange = await startExchange();
});
afterAll(() => exchange.stop());

describe('A partner', () => {
  it('gets a 999 for each 277CA and each 835, one that was cut off among them', async () => {
    exchange.tell('277', 'malformed');
    await exchange.raise();
    await exchange.connector.sendNow();
    await waitUntil('the 277CA to be taken', async () =>
      (await exchange.rowsOf('received')).some(({ outcome }) => outcome === 'faulty'),
    );
    const claim = await exchange.raise();
    await exchange.connector.sendNow();
    await exchange.becomes(claim.id, 'accepted');
    await exchange.clock.turn(15 * DAY);
    await exchange.becomes(claim.id, 'paid');
    await exchange.connector.sendNow();
    const answered = () => exchange.got.flatMap((file) => setsOf(readX12(file))).filter(({ id }) => id === '999');
    await waitUntil('the 999 to arrive', async () => answered().some(({ segments }) => segments[1]!.at(1) === 'HP'));
    expect(new Set(answered().map(({ segments }) => segments[1]!.at(1)))).toEqual(new Set(['HN', 'HP'])); // AK101
    const codes = answered().flatMap(({ segments }) =>
      segments.filter(({ name }) => name === 'AK9').map((ak9) => ak9.at(1)),
    );
    expect(new Set(codes)).toEqual(new Set(['A', 'R']));
  });

  it('of its own payers has its own mailbox, envelopes and control numbers', async () => {
    const toState: Buffer[] = [];
    const state = await exchange.startClearinghouse('state', toState);
    const two = exchange.open({
      CLAIMS_PARTNERS: 'clearinghouse=*,medicaid-direct=MEDICAID',
      MEDICAID_DIRECT_RECEIVER: 'STATE',
      MEDICAID_DIRECT_QUALIFIERS: 'ZZ,30',
      MEDICAID_DIRECT_DELIMITERS: '|>^~',
      MEDICAID_DIRECT_BATCH_SECONDS: '3600',
      MEDICAID_DIRECT_SFTP_PORT: String(state.port),
      MEDICAID_DIRECT_SFTP_PASSWORD: CLEARINGHOUSE_ACCOUNT.password,
      MEDICAID_DIRECT_SFTP_HOST_KEYS: state.fingerprint,
      MEDICAID_DIRECT_SFTP_POLL_SECONDS: '0.05',
    });
    await two.onModuleInit();
    await exchange.connector.sendNow(); // what waits from before goes by the old way
    const claim = await exchange.raise({ payer: 'MEDICAID' });
    await two.sendNow();
    await exchange.becomes(claim.id, 'accepted');
    const { header } = readX12(toState[0]!).interchanges[0]!;
    expect(header).toMatchObject({ receiver: 'STATE', receiverQualifier: '30', controlNumber: '000000001' });
    expect(toState[0]!.toString('latin1')).toMatch(/^ISA\|/);
    expect(two.health().map(({ partner }) => partner)).toEqual(['clearinghouse', 'medicaid-direct']);
    await two.onApplicationShutdown();
    await state.close();
  });
});

describe('The settings', () => {
  it.each([
    ['a partner without payers', 'clearinghouse', 'has an entry that is not like'],
    ['a partner twice', 'a=MEDICARE,a=PRIVATE', 'names a twice'],
    ['a payer twice', 'a=MEDICARE,b=MEDICARE', 'names the payer MEDICARE twice'],
  ])('with %s are refused', (_, partners, words) => {
    const passwords = { A_SFTP_PASSWORD: 'x', B_SFTP_PASSWORD: 'x' };
    expect(() => exchange.open({ CLAIMS_PARTNERS: partners, ...passwords })).toThrow(words);
  });

  it('that leave a payer without a partner are refused by his name', async () => {
    const made = exchange.open({ CLAIMS_PARTNERS: 'clearinghouse=MEDICARE' });
    await expect(made.onModuleInit()).rejects.toThrow('no partner for MEDICAID, PRIVATE');
  });

  it('are refused at start, each by its name', () => {
    expect(() => exchange.open({ BILLING_PROVIDER_NPI: '1234567890', BILLING_PROVIDER_TAX_ID: '1' })).toThrow(
      'check digit; BILLING_PROVIDER_TAX_ID must have nine digits',
    );
    expect(() => exchange.open({ CLEARINGHOUSE_DELIMITERS: '**^~', CLEARINGHOUSE_SENDER: 'X' })).toThrow(
      'CLEARINGHOUSE_SENDER must have 2 to 15 signs; CLEARINGHOUSE_DELIMITERS must be four different signs',
    );
  });
});
