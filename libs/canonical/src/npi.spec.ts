import { isNpi } from './npi.js';

describe('A National Provider Identifier', () => {
  it.each(['1234567893', '1999999984', '9999974493'])('is %s', (npi) => {
    expect(isNpi(npi)).toBe(true);
  });

  it.each(['1234567890', '123456789', '12345678930', '123456789X', ''])('is not %s', (text) => {
    expect(isNpi(text)).toBe(false);
  });
});
