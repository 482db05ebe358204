/**
 * SMART Backend Services (HL7 SMART App Launch 2.0, §Backend Services), the server's side: a client proves itself with a
 * signed assertion and gets a token that lives five minutes. The client's key pair is made at the first start and lies,
 * readable for its owner only, where the connector's configuration can point at it.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exportJWK, generateKeyPair, importJWK, jwtVerify, type JWK } from 'jose';
import type { SimulatorClock } from '../clock.js';

export const CLIENT_ID = 'concord';
const ALGORITHMS = ['ES384', 'RS384'];
const TOKEN_SECONDS = 300;
const LONGEST_ASSERTION_SECONDS = 300;

export class Access {
  private readonly tokens = new Map<string, number>();
  private readonly seen = new Set<string>();
  private issued = 0;

  private constructor(
    private readonly clock: SimulatorClock,
    private readonly key: JWK,
    /** The client's private key, for its configuration. */
    readonly keyFile: string,
  ) {}

  static async open(dataDir: string, clock: SimulatorClock): Promise<Access> {
    const file = path.join(dataDir, 'client-key.json');
    const { d: _, p: __, q: ___, dp: ____, dq: _____, qi: ______, ...publicKey } = await keyIn(file);
    return new Access(clock, publicKey, file);
  }

  /** A token for a good assertion; undefined for any other, whatever is wrong with it. */
  async exchange(form: URLSearchParams, audience: string): Promise<string | undefined> {
    const assertion = form.get('client_assertion') ?? '';
    try {
      const { payload } = await jwtVerify(assertion, await importJWK(this.key), {
        algorithms: ALGORITHMS,
        audience,
        issuer: CLIENT_ID,
        subject: CLIENT_ID,
        currentDate: this.clock.now(),
        requiredClaims: ['exp', 'jti'],
      });
      const { jti = '', exp = 0 } = payload;
      const lifetime = exp - this.clock.now().getTime() / 1000;
      if (this.seen.has(jti) || lifetime > LONGEST_ASSERTION_SECONDS + 5) return undefined;
      this.seen.add(jti);
    } catch {
      return undefined;
    }
    const token = `simulated-${(this.issued += 1)}`;
    this.tokens.set(token, this.clock.now().getTime() + TOKEN_SECONDS * 1000);
    return token;
  }

  admits(authorization: string | undefined): boolean {
    const until = this.tokens.get(authorization?.replace(/^Bearer /, '') ?? '');
    return until !== undefined && until > this.clock.now().getTime();
  }

  /** As when the server has lost its memory: every token is worth nothing. */
  forget(): void {
    this.tokens.clear();
  }
}

async function keyIn(file: string): Promise<JWK> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as JWK;
  } catch {
    const { privateKey } = await generateKeyPair('ES384', { extractable: true });
    const key: JWK = { ...(await exportJWK(privateKey)), kid: 'concord-1', alg: 'ES384' };
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, JSON.stringify(key), { mode: 0o600 });
    return key;
  }
}
