import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/**
 * Encrypts what may hold PHI before it is stored: AES-256-GCM (NIST SP 800-38D), a fresh nonce each time, the place it
 * is stored at bound as additional data, so that a sealed value moved to another row does not open.
 */
export class Vault {
  /** Prepared once: a key given as bytes is set up anew by every cipher. */
  private readonly key: KeyObject;
  private chance: Buffer = Buffer.alloc(0);

  private constructor(key: Buffer) {
    this.key = createSecretKey(key);
  }

  /** @param secret 32 bytes in base64, from the environment */
  static fromSecret(secret: string): Vault {
    const key = Buffer.from(secret, 'base64');
    if (key.length !== KEY_BYTES) throw new Error(`VAULT_KEY must be ${KEY_BYTES} bytes in base64`);
    return new Vault(key);
  }

  /** With the key of a file that only its owner may read; the file is made where it is missing. */
  static fromFile(file: string): Vault {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    try {
      fs.writeFileSync(file, randomBytes(KEY_BYTES).toString('base64'), { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    return Vault.fromSecret(fs.readFileSync(file, 'utf8'));
  }

  seal(plain: Buffer | string, place: string): Buffer {
    const nonce = this.nonce();
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce).setAAD(Buffer.from(place));
    return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }

  open(sealed: Buffer, place: string): Buffer {
    const decipher = createDecipheriv('aes-256-gcm', this.key, sealed.subarray(0, NONCE_BYTES));
    decipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  }

  /** Chance is fetched for many at a time: asked for twelve bytes, the system takes as long as for thousands. */
  private nonce(): Buffer {
    if (this.chance.length < NONCE_BYTES) this.chance = randomBytes(NONCE_BYTES * 256);
    const nonce = this.chance.subarray(0, NONCE_BYTES);
    this.chance = this.chance.subarray(NONCE_BYTES);
    return nonce;
  }

  /** A keyed digest (HMAC-SHA-256, FIPS 198-1): the same for the same content, and of no use to guess it without the key. */
  digest(content: Buffer | string): string {
    return createHmac('sha256', this.key).update(content).digest('base64url');
  }
}
