import { configure, limitsConfig, setting } from '@concord/api';
import { TrytonClient } from './client.js';
import { trytonVendor } from './tryton.vendor.js';

/** One budget for all connectors to Tryton. Each of its calls at once takes one of its database connections. */
export const TrytonLimits = limitsConfig('TRYTON', 'Tryton');

/** Where Tryton is and who we are there; shared by all connectors to it. */
export class TrytonConfig {
  @setting('TRYTON_URL', 'Tryton: scheme, host and port')
  url = 'http://127.0.0.1:8000';

  @setting('TRYTON_DATABASE', 'Tryton: name of the database')
  database = 'tryton';

  @setting('TRYTON_USER', 'Tryton: login of the user that Concord works as')
  user = 'concord';

  @setting('TRYTON_PASSWORD', 'Tryton: password of that user', { secret: true })
  password = '';

  @setting('TRYTON_TIMEOUT_MS', 'Tryton: milliseconds for one call', { min: 100, max: 120_000 })
  timeoutMs = 20_000;

  @setting(
    'TRYTON_ACCEPTED_QUESTIONS',
    'Tryton: parts of the names of questions (UserWarning) that are answered with yes, with commas between them',
  )
  acceptedQuestions = '';
}

/** A client with these settings for the connector of one API. Throws where they cannot be used, naming the variable. */
export function trytonClient(
  { acceptedQuestions, ...config }: TrytonConfig,
  api?: string,
  limits = configure(TrytonLimits),
): TrytonClient {
  if (!URL.canParse(config.url)) throw new Error('TRYTON_URL must be an address such as http://127.0.0.1:8000');
  if (!/^[A-Za-z0-9_-]+$/.test(config.database)) throw new Error('TRYTON_DATABASE must be the name of a database');
  if (config.password === '') throw new Error('TRYTON_PASSWORD is missing: the password of TRYTON_USER');
  const settings = { ...config, connections: limits.callsAtOnce, acceptedQuestions: wordsOf(acceptedQuestions) };
  return new TrytonClient(settings, trytonVendor(settings, limits, api));
}

const wordsOf = (text: string): string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);

/**
 * Our codes with Tryton's, from a setting such as `LSH=HOSP,LSP=PHYS`.
 * @param variable the name of the setting, for the message
 */
export function codeMap(variable: string, text: string): ReadonlyMap<string, string> {
  const pairs = wordsOf(text).map((word) => word.split('=').map((code) => code.trim()));
  const wrong = pairs.find((pair) => pair.length !== 2 || pair.includes(''));
  if (wrong)
    throw new Error(`${variable} must be pairs such as OURS=THEIRS with commas between them: ${wrong.join('=')}`);
  const map = new Map(pairs as [string, string][]);
  if (map.size < pairs.length) throw new Error(`${variable} names a code twice`);
  return map;
}
