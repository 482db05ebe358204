import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Problem } from '@concord/canonical';
import { freePort, lossyProxy, trytonServer, trytonState, waitUntil, type LossyProxy } from '@concord/testing';
import { TrytonRefusal } from './answer.js';
import { TrytonClient } from './client.js';
import { TrytonRecords } from './records.js';
import {
  fromWireDecimal,
  fromWireInstant,
  toWireDay,
  toWireDecimal,
  toWireInstant,
  type Stamped,
  type WireDecimal,
} from './values.js';

const server = await trytonServer();

test('a point in time keeps its microseconds', () => {
  expect(fromWireInstant(toWireInstant('2026-11-21T09:30:05.000123Z'))).toBe('2026-11-21T09:30:05.000123Z');
  expect(fromWireInstant(toWireInstant('2026-11-21T09:30:05.1Z'))).toBe('2026-11-21T09:30:05.100000Z');
});

test('digits are not rounded, and no exponent is left', () => {
  expect(fromWireDecimal(toWireDecimal('123456789012345.123456'))).toBe('123456789012345.123456');
  expect(fromWireDecimal({ __class__: 'Decimal', decimal: '0E-8' })).toBe('0');
});

if ('missing' in server) {
  test.skip(server.missing, () => undefined);
} else {
  const { url, database, user, password } = server;
  const settings = { url, database, user, password, timeoutMs: 20_000, connections: 8 };
  const clients: TrytonClient[] = [];
  let proxy: LossyProxy;
  let tryton: TrytonRecords;

  const client = (changes: Partial<typeof settings & { acceptedQuestions: string[] }> = {}) => {
    const made = new TrytonClient({ ...settings, ...changes });
    clients.push(made);
    return made;
  };
  const refusal = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => 'was not refused',
      (error: unknown) => error,
    );

  beforeAll(async () => {
    proxy = await lossyProxy(url);
    tryton = new TrytonRecords(client());
  });

  afterAll(async () => {
    for (const made of clients) await made.close();
    await proxy.close();
  });

  test('one login serves all calls, and all that wait for it', async () => {
    const asked = new TrytonRecords(client({ url: proxy.url }));
    await Promise.all(Array.from({ length: 16 }, () => asked.find('party.party', [], ['name'], { limit: 1 })));
    expect(proxy.passed('common.db.login')).toBe(1);
  });

  test('after a refused login nobody knocks again for a while', async () => {
    const stranger = client({ url: proxy.url, user: `nobody-${randomUUID()}`, password: 'wrong' });
    const before = proxy.passed('common.db.login');
    const refusals = await Promise.all(
      [1, 2, 3].map(() => refusal(stranger.ask('model.party.party.search_count', [[]]))),
    );
    refusals.push(await refusal(stranger.ask('model.party.party.search_count', [[]])));
    for (const problem of refusals) {
      expect(problem).toMatchObject({ slug: 'upstream-unavailable', detail: 'Tryton refused the login' });
      expect((problem as Problem).retryAfter).toBeGreaterThan(20);
    }
    expect(proxy.passed('common.db.login') - before).toBe(1);
  });

  test('a rule that says no is a refusal; its sentence names the field and no value', async () => {
    const problem = await refusal(tryton.create('party.identifier', [{ party: 1, type: 'us_ein', code: '123' }]));
    expect(problem).toBeInstanceOf(TrytonRefusal);
    expect(problem).toMatchObject({ slug: 'upstream-rejected', reason: 'rule' });
    expect((problem as Problem).detail).toContain('Identification Number "…"');
    const missing = (await refusal(tryton.create('account.journal', [{ name: 'Janet Doe' }]))) as Problem;
    expect(missing.detail).toContain('field "Type" in "Journal"');
    expect(missing.detail).not.toContain('Janet');
  });

  test('a fault inside Tryton is worth a repetition, and reads are repeated', async () => {
    const asked = client({ url: proxy.url });
    const problem = await refusal(asked.ask('model.party.party.read', [[1], ['no_such_field']]));
    expect(problem).toMatchObject({ slug: 'upstream-unavailable' });
    expect(proxy.passed('no_such_field')).toBe(3);
    await refusal(asked.effect('model.party.party.write', [[1], { no_such_column: 1 }]));
    expect(proxy.passed('no_such_column')).toBe(1);
  });

  test('what it does not offer, or not have, or not take is refused at once', async () => {
    expect(await refusal(tryton.client.ask('model.party.party.no_such_method', []))).toMatchObject({
      slug: 'upstream-rejected',
      detail: 'Tryton does not offer this operation',
    });
    const elsewhere = client({ database: 'nowhere' });
    expect(await refusal(elsewhere.ask('model.party.party.search_count', [[]]))).toBeInstanceOf(Problem);
    const unknown = await refusal(tryton.client.ask('model.party.party.read', [[999_999], ['name']]));
    expect(unknown).toMatchObject({ isAboutUnknownRecord: true });
  });

  test('a number with decimals that is sent as a JSON number is refused; ours is kept to the last digit', async () => {
    const [unit] = await tryton.find('product.uom', [['name', '=', 'Unit']], ['name']);
    const template = { name: 'Spec', type: 'service', default_uom: unit!.id };
    const priced = (list_price: unknown) => tryton.create('product.template', [{ ...template, list_price }]);
    expect(await refusal(priced(0.1))).toBeInstanceOf(Problem);
    const [id] = await priced(toWireDecimal('1234567890.1234'));
    const found = await tryton.first<{ list_price: WireDecimal }>(
      'product.template',
      [['id', '=', id]],
      ['list_price'],
    );
    expect(fromWireDecimal(found!.list_price)).toBe('1234567890.1234');
  });

  test('of two who change the same version one is refused, and nobody is overwritten', async () => {
    const [id] = await tryton.create('party.party', [{ name: 'Version one' }]);
    const read = () =>
      tryton.first<Stamped & { name: string }>('party.party', [['id', '=', id]], ['name', '_timestamp']);
    const { _timestamp } = (await read())!;
    await tryton.write('party.party', id!, { name: 'Version two' }, {}, _timestamp);
    expect(await refusal(tryton.write('party.party', id!, { name: 'Lost update' }, {}, _timestamp))).toMatchObject({
      reason: 'changed-meanwhile',
      slug: 'conflict',
    });
    expect((await read())!.name).toBe('Version two');
  });

  test('a question is not answered, unless policy allows yes', async () => {
    const [product] = await tryton.find<{ 'template.': { default_uom: number } }>(
      'product.product',
      [['code', '=', 'SUP-0001']],
      ['template.default_uom'],
    );
    const place = async (type: string) => (await tryton.first('stock.location', [['type', '=', type]], ['name']))!.id;
    const [company, currency] = [1, 1];
    const move = {
      product: product!.id,
      uom: product!['template.'].default_uom,
      quantity: 1,
      from_location: await place('supplier'),
      to_location: await place('storage'),
      company,
      currency,
      unit_price: toWireDecimal('0.9000'),
      effective_date: toWireDay(new Date().toISOString().slice(0, 10)),
    };
    const [id] = await tryton.create('stock.move', [move]); // without the order that it comes from
    const stateOf = async () =>
      (await tryton.first<{ state: string }>('stock.move', [['id', '=', id]], ['state']))!.state;
    expect(await refusal(tryton.press('stock.move', 'do', [id!]))).toMatchObject({
      slug: 'upstream-rejected',
      reason: 'question',
    });
    expect(await stateOf()).toBe('draft');
    await new TrytonRecords(client({ acceptedQuestions: ['.done'] })).press('stock.move', 'do', [id!]);
    expect(await stateOf()).toBe('done');
  });

  test('a session that idled too long to post is opened anew, and the call is made once', async () => {
    const impatient = await impatientTryton(1);
    try {
      const records = new TrytonRecords(client({ url: impatient.url }));
      const [id] = await records.create('account.move', [await emptyMove()]);
      await new Promise((resolve) => setTimeout(resolve, 2_100));
      expect(await refusal(records.press('account.move', 'post', [id!]))).toMatchObject({ reason: 'rule' }); // it has no lines
      await records.remove('account.move', [id!]);
    } finally {
      await impatient.stop();
    }
  });

  const emptyMove = async () => {
    const day = toWireDay(new Date().toISOString().slice(0, 10));
    const period = await tryton.first(
      'account.period',
      [
        ['start_date', '<=', day],
        ['end_date', '>=', day],
        ['company', '=', 1],
      ],
      ['name'],
    );
    return { company: 1, journal: 1, period: period!.id, date: day };
  };

  /** The same database behind another server, whose sessions are too old to post after so many seconds. */
  const impatientTryton = async (timeoutS: number) => {
    const state = trytonState();
    const port = await freePort();
    const config = path.join(state, `impatient-${port}.conf`);
    const text = fs.readFileSync(path.join(state, 'trytond.conf'), 'utf8');
    fs.writeFileSync(
      config,
      text.replace(/^listen = .*$/m, `listen = 127.0.0.1:${port}`).replace(/^timeout = .*$/m, `timeout = ${timeoutS}`),
    );
    const child: ChildProcess = spawn('trytond', ['-c', config, '-d', database], { stdio: 'ignore' });
    const address = `http://127.0.0.1:${port}`;
    const body = JSON.stringify({ id: 1, method: 'common.server.version', params: [] });
    const headers = { 'content-type': 'application/json' };
    const alive = () =>
      fetch(`${address}/`, { method: 'POST', headers, body }).then(
        ({ ok }) => ok,
        () => false,
      );
    await waitUntil('the other Tryton', alive, { everyMs: 200 });
    return {
      url: address,
      stop: async () => {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill();
        await ended;
        fs.rmSync(config);
      },
    };
  };
}
