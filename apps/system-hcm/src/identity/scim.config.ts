import { isLoopback, limitsConfig, setting } from '@concord/api';

export const ScimLimits = limitsConfig('SCIM', 'the identity provider', { callsAtOnce: 8 });

export class ScimConfig {
  @setting('SCIM_URL', 'SCIM 2.0 address of the identity provider that workers are brought to; none if not set')
  url = '';

  @setting('SCIM_TOKEN', 'Bearer token for the identity provider', { secret: true })
  token = '';
}

export interface ScimTarget {
  readonly url: string;
  readonly token: string;
}

/** Where workers are brought, if anywhere. Throws what is wrong with the settings. */
export function scimTarget({ url, token }: ScimConfig): ScimTarget | undefined {
  if (!url) return undefined;
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (!address || !/^https?:$/.test(address.protocol)) throw new Error('SCIM_URL is not an http(s) address');
  if (address.protocol === 'http:' && !isLoopback(address.hostname))
    throw new Error('SCIM_URL must be https: names and a token go there');
  if (!token) throw new Error('SCIM_TOKEN is missing; SCIM_URL is set');
  return { url, token };
}
