import 'reflect-metadata';
import { configurationTable, configure, setting, variable } from './configuration.js';

class LedgerConfig {
  @setting('LEDGER_CONNECTOR', 'Which connector', { oneOf: ['sandbox', 'tryton'] })
  connector = 'sandbox';

  @setting('LEDGER_RETRIES', 'How often', { min: 1, max: 5 })
  retries = 2;

  @setting('LEDGER_OPEN', 'Whether it is open')
  isOpen = false;

  @setting('LEDGER_PASSWORD', 'Its password', { secret: true })
  password = '';
}

test('what the environment does not say is as it is declared', () => {
  expect(configure(LedgerConfig, {})).toEqual({ connector: 'sandbox', retries: 2, isOpen: false, password: '' });
  expect(configure(LedgerConfig, { LEDGER_RETRIES: '' }).retries).toBe(2);
});

test('a setting has the type of its default', () => {
  const environment = { LEDGER_CONNECTOR: 'tryton', LEDGER_RETRIES: '5', LEDGER_OPEN: 'true', LEDGER_PASSWORD: '007' };
  const values = { connector: 'tryton', retries: 5, isOpen: true, password: '007' };
  expect(configure(LedgerConfig, environment)).toEqual(values);
});

test('every value that cannot be used is named at once, and no value is repeated', () => {
  const environment = { LEDGER_CONNECTOR: 'oracle', LEDGER_RETRIES: '6', LEDGER_OPEN: 'yes' };
  expect(() => configure(LedgerConfig, environment)).toThrow(
    'The configuration cannot be used: LEDGER_CONNECTOR must be one of sandbox, tryton; ' +
      'LEDGER_RETRIES must be between 1 and 5; LEDGER_OPEN must be true or false',
  );
  expect(() => configure(LedgerConfig, { LEDGER_RETRIES: 'many' })).toThrow('LEDGER_RETRIES must be a number');
});

test('the table of settings has their defaults, and no secret', () => {
  const ours = configurationTable().filter(({ name }) => name.startsWith('LEDGER_'));
  expect(ours.map((entry) => [entry.name, entry.default, entry.secret])).toEqual([
    ['LEDGER_CONNECTOR', 'sandbox', false],
    ['LEDGER_OPEN', 'false', false],
    ['LEDGER_PASSWORD', undefined, true],
    ['LEDGER_RETRIES', '2', false],
  ]);
});

test('the address of an API is found by its name', () => {
  expect(variable('supply-chain_URL', { SUPPLY_CHAIN_URL: 'http://10.0.0.7' })).toBe('http://10.0.0.7');
  expect(variable('erp_URL', { ERP_URL: '' })).toBeUndefined();
});
