import { describe, expect, it } from '@jest/globals';
import { Principal } from './principal.js';
import { TokenCache } from './token-cache.js';

describe('the cache of verified tokens', () => {
  const START = 1_700_000_000_000;
  const callerUntil = (seconds: number) =>
    new Principal({
      clientId: 'finance-portal',
      subject: 'finance-portal',
      scopes: new Set(),
      audience: 'http://127.0.0.1:8080/experience/finance',
      facilities: 'all',
      legalEntities: 'all',
      expiresAt: START / 1000 + seconds,
    });

  it('forgets a token when it ends', () => {
    let now = START;
    const cache = new TokenCache(() => now);
    cache.keep('token', callerUntil(10));
    now += 9_900;
    expect(cache.find('token')).toBeDefined();
    now += 200;
    expect(cache.find('token')).toBeUndefined();
  });

  it('has a token verified anew after a minute', () => {
    let now = START;
    const cache = new TokenCache(() => now);
    cache.keep('token', callerUntil(300));
    now += 59_900;
    expect(cache.find('token')).toBeDefined();
    now += 200;
    expect(cache.find('token')).toBeUndefined();
  });

  it('does not keep a token that has ended already', () => {
    const cache = new TokenCache(() => START);
    cache.keep('token', callerUntil(-1));
    expect(cache.find('token')).toBeUndefined();
  });

  it('keeps the five thousand tokens that were used last', () => {
    const cache = new TokenCache(() => START);
    for (let n = 0; n < 5_001; n += 1) cache.keep(`token-${n}`, callerUntil(300));
    expect(cache.find('token-0')).toBeUndefined();
    expect(cache.find('token-5000')).toBeDefined();
  });
});
