import { isLoopback, limitsConfig, setting } from '@concord/api';

export const RestLimits = limitsConfig('HCM_REST', 'the platform for human capital management');

export class RestConfig {
  @setting('HCM_REST_URL', 'Address of the platform for human capital management, for CONNECTOR_HCM=rest')
  url = '';

  @setting('HCM_REST_CLIENT_ID', 'Our client at that platform (OAuth2 client credentials)')
  clientId = 'concord';

  @setting('HCM_REST_CLIENT_SECRET', 'Secret of that client', { secret: true })
  clientSecret = '';

  @setting('HCM_REST_WEBHOOK_SECRET', 'Key by which that platform signs its notices (HMAC-SHA-256)', { secret: true })
  webhookSecret = '';

  @setting('HCM_REST_SWEEP_SECONDS', 'Seconds between two looks for changes whose notice was lost', {
    min: 0.1,
    max: 86_400,
  })
  sweepSeconds = 300;
}

/** Throws what is missing, all at once. */
export function checked(config: RestConfig): RestConfig {
  const address = URL.canParse(config.url) ? new URL(config.url) : undefined;
  const faults = [
    ...(address && /^https?:$/.test(address.protocol) ? [] : ['HCM_REST_URL is not an http(s) address']),
    ...(address?.protocol === 'http:' && !isLoopback(address.hostname) ? ['HCM_REST_URL must be https'] : []),
    ...(config.clientSecret ? [] : ['HCM_REST_CLIENT_SECRET is missing']),
    ...(config.webhookSecret ? [] : ['HCM_REST_WEBHOOK_SECRET is missing']),
  ];
  if (faults.length) throw new Error(`CONNECTOR_HCM=rest cannot be used: ${faults.join('; ')}`);
  return config;
}
