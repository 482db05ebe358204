import { readFileSync, statSync } from 'node:fs';
import type { JWK } from 'jose';
import { limitsConfig, setting } from '@concord/api';

export const FhirLimits = limitsConfig('EHR_FHIR', 'the EHR that speaks FHIR');

/** Where the EHR is that speaks FHIR R4, and how Concord proves itself to it (SMART Backend Services). */
export class FhirConfig {
  @setting('EHR_FHIR_URL', 'Base address of the EHR that CONNECTOR_EHR=fhir asks, FHIR R4')
  url = '';

  @setting('EHR_FHIR_CLIENT', 'Client id that the EHR gave to Concord')
  client = 'concord';

  @setting(
    'EHR_FHIR_KEY_FILE',
    'File with the private key of that client as JWK (ES384 or RS384), readable by us alone',
  )
  keyFile = '';

  @setting('EHR_FHIR_SCOPE', 'Scopes that Concord asks the EHR for')
  scope = 'system/*.rs system/Subscription.cruds';

  @setting('EHR_FHIR_HOOK_URL', 'Address of this host as the EHR reaches it, for notifications; none if not set')
  hookUrl = '';

  @setting('EHR_FHIR_HOOK_SECRET', 'What notifications of the EHR say to prove themselves, 16 characters or more', {
    secret: true,
  })
  hookSecret = '';

  @setting('EHR_FHIR_SWEEP_SECONDS', 'Seconds between two looks for changes that nobody told of', {
    min: 1,
    max: 86_400,
  })
  sweepSeconds = 60;

  @setting(
    'EHR_FHIR_SINCE',
    'Only what changed at this moment or later is taken in, ISO 8601; the first start if not set',
  )
  since = '';

  @setting('EHR_FHIR_BULK', 'Whether the first start takes in, by Bulk Data export, all that the EHR knows')
  bulk = false;
}

const SHORTEST_SECRET = 16;

interface KeyFile {
  readonly key: JWK;
  readonly since: Date;
}

/** The private key, and when its file was last changed. Throws with what to do about it where the settings cannot be used. */
export function checked({ url, keyFile, hookUrl, hookSecret, since }: FhirConfig): KeyFile {
  if (!URL.canParse(url)) throw new Error('EHR_FHIR_URL must be the base address of the EHR, for CONNECTOR_EHR=fhir');
  if (hookUrl !== '' && !URL.canParse(hookUrl)) throw new Error('EHR_FHIR_HOOK_URL must be an address');
  if (hookUrl !== '' && hookSecret.length < SHORTEST_SECRET)
    throw new Error(`EHR_FHIR_HOOK_SECRET must have ${SHORTEST_SECRET} characters or more, for EHR_FHIR_HOOK_URL`);
  if (since !== '' && Number.isNaN(Date.parse(since))) throw new Error('EHR_FHIR_SINCE must be a moment in ISO 8601');
  return keyIn(keyFile);
}

function keyIn(file: string): KeyFile {
  let text: string;
  let since: Date;
  try {
    const { mode, mtime } = statSync(file);
    since = mtime;
    if ((mode & 0o077) !== 0) throw new Error(`EHR_FHIR_KEY_FILE can be read by others: chmod 600 ${file}`);
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('EHR_')) throw error;
    throw new Error('EHR_FHIR_KEY_FILE must name a file that can be read', { cause: error });
  }
  const key = parsed(text);
  if (key?.d === undefined || !['ES384', 'RS384'].includes(key.alg ?? ''))
    throw new Error('EHR_FHIR_KEY_FILE must hold a private JWK whose alg is ES384 or RS384');
  return { key, since };
}

function parsed(text: string): JWK | undefined {
  try {
    return JSON.parse(text) as JWK;
  } catch {
    return undefined;
  }
}
