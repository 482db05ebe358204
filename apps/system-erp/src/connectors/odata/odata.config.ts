import { limitsConfig, setting } from '@concord/api';

export const ODataErpLimits = limitsConfig('ODATA_ERP', 'the OData ERP');

/** Where the OData service of the ERP is, who we are there, and whose words it speaks. */
export class ODataErpConfig {
  @setting('ODATA_ERP_URL', 'OData ERP: root of the service, below which $metadata lies')
  url = 'http://127.0.0.1:9304/odata/v4/erp';

  @setting('ODATA_ERP_TOKEN_URL', 'OData ERP: token endpoint (OAuth 2.0, client credentials)')
  tokenUrl = 'http://127.0.0.1:9304/oauth/token';

  @setting('ODATA_ERP_CLIENT_ID', 'OData ERP: client that Concord works as')
  clientId = 'concord';

  @setting('ODATA_ERP_CLIENT_SECRET', 'OData ERP: secret of that client', { secret: true })
  clientSecret = '';

  @setting('ODATA_ERP_SCOPE', 'OData ERP: scope to ask for; nothing is asked for where it is empty')
  scope = '';

  @setting('ODATA_ERP_PROFILE', 'OData ERP: names of its entity sets and properties', { oneOf: ['health-erp'] })
  profile = 'health-erp' as const;

  @setting('ODATA_ERP_TIMEOUT_MS', 'OData ERP: milliseconds for one call', { min: 100, max: 120_000 })
  timeoutMs = 10_000;
}

/** Throws where the settings cannot be used, naming the variable. */
export function checkConfig({ url, tokenUrl, clientSecret }: ODataErpConfig): void {
  const isWeb = (text: string) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  if (!isWeb(url)) throw new Error('ODATA_ERP_URL must be an address such as https://erp.example/odata/v4/erp');
  if (!isWeb(tokenUrl))
    throw new Error('ODATA_ERP_TOKEN_URL must be an address such as https://erp.example/oauth/token');
  if (clientSecret === '') throw new Error('ODATA_ERP_CLIENT_SECRET is missing: the secret of ODATA_ERP_CLIENT_ID');
}
