import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { Vault } from './vault.js';

const secretOf = (seed: number) => Buffer.alloc(32, seed).toString('base64');
const vault = Vault.fromSecret(secretOf(1));
const content = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));

test('what is sealed opens in its place', () => {
  fc.assert(
    fc.property(content, fc.string(), (plain, place) => {
      expect(vault.open(vault.seal(plain, place), place)).toEqual(plain);
    }),
  );
});

test('no other key, place or bit opens it', () => {
  fc.assert(
    fc.property(content, fc.nat(), (plain, at) => {
      const sealed = vault.seal(plain, 'here');
      expect(() => Vault.fromSecret(secretOf(2)).open(sealed, 'here')).toThrow();
      expect(() => vault.open(sealed, 'there')).toThrow();
      sealed[at % sealed.length]! ^= 1;
      expect(() => vault.open(sealed, 'here')).toThrow();
    }),
  );
  expect(() => vault.open(Buffer.alloc(10), 'here')).toThrow();
});

test('the same content is never sealed alike, and always digested alike', () => {
  expect(vault.seal('Testperson', 'here')).not.toEqual(vault.seal('Testperson', 'here'));
  expect(vault.digest('Testperson')).toBe(vault.digest(Buffer.from('Testperson')));
  expect(vault.digest('Testperson')).not.toBe(Vault.fromSecret(secretOf(2)).digest('Testperson'));
});

test('a key of a file is made once, for its owner only', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'concord-vault-'));
  const file = path.join(folder, 'keys', 'vault.key');
  const sealed = Vault.fromFile(file).seal('Testperson', 'here');
  expect(Vault.fromFile(file).open(sealed, 'here').toString()).toBe('Testperson');
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  fs.rmSync(folder, { recursive: true });
});

test('a secret of another length is refused', () => {
  expect(() => Vault.fromSecret('c2hvcnQ=')).toThrow('VAULT_KEY must be 32 bytes in base64');
});
