/** The issuer's own key, made once and kept in `identity.json`, so that tokens outlive a restart of the gateway. */
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import type { JWK } from 'oidc-provider';
import { readState, writeState } from './state-file.js';

/** Private keys, the signing one first. Put a new one in front to rotate; take an old one out to end its tokens. */
export interface SigningKeys {
  readonly keys: readonly JWK[];
}

export async function signingKeys(stateDir: string): Promise<SigningKeys> {
  const path = join(stateDir, 'identity.json');
  const kept = await readState<SigningKeys>(path);
  if (kept) return kept;
  const made = { keys: [await newSigningKey()] };
  await writeState(path, made);
  return made;
}

/** RS256 with 2048 bits: it verifies three times faster than ES256, and verifying is what happens on every call. */
async function newSigningKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kty: 'RSA', alg: 'RS256', use: 'sig', kid: await calculateJwkThumbprint(jwk) };
}
