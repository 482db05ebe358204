import path from 'node:path';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  demoClients,
  embeddedIdentity,
  IDENTITY_PATHS,
  serviceSecrets,
  tokenSource,
  type ClientGrant,
  type ProtectedApi,
  type TokenSource,
} from '@concord/policy';
import type { ApiDefinition } from '../definition.js';
import { variable } from '../configuration.js';
import { scopesOf } from '../endpoints.js';
import type { HostConfig } from './host.config.js';

export interface BootedIdentity {
  readonly issuer: string;
  /** Answers a request for one of the issuer's own addresses; false where it is not one. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** A token for one of our clients to call one API. */
  token(client: string, api: string): Promise<string>;
}

/** The identity provider by `OIDC_ISSUER`, or the embedded one; and the tokens that our own clients get from it. */
export async function bootIdentity(
  config: HostConfig,
  publicUrl: string,
  definitions: readonly ApiDefinition[],
  print: (part: string, line: string) => void,
): Promise<BootedIdentity> {
  const stateDir = path.resolve(config.dataDir, 'identity');
  const callers = definitions.filter(({ layer }) => layer !== 'system').map(clientOf);
  const secrets = await secretsOf(config, stateDir, callers);
  const issuer = config.oidcIssuer || publicUrl;
  const embedded = config.oidcIssuer
    ? undefined
    : await embeddedIdentity({
        issuer,
        publicUrl,
        stateDir,
        apis: definitions.map(protectedApi),
        clients: [
          ...demoClients,
          ...definitions.filter(({ layer }) => layer !== 'system').map((d) => grantOf(d, secrets)),
        ],
        loopback: isLoopback(config.host),
      });
  print('identity', embedded ? 'embedded, demo clients' : `at ${issuer}`);
  if (embedded?.notice) print('identity', embedded.notice);
  const sources = new Map<string, TokenSource>();
  return {
    issuer,
    handle: (request, response) => {
      if (!embedded || !IDENTITY_PATHS.includes(request.url?.split('?', 1)[0] ?? '')) return false;
      embedded.handle(request, response);
      return true;
    },
    token: (client, api) => {
      const id = `${client} ${api}`;
      const known = sources.get(id);
      if (known) return known.token();
      const clientSecret = secrets[client] ?? '';
      const source = tokenSource({ issuer, clientId: client, clientSecret, resource: `${publicUrl}/${api}` });
      sources.set(id, source);
      return source.token();
    },
  };
}

/** The client that an API is when it calls others: `process-patient-to-billing`. */
export const clientOf = (definition: Pick<ApiDefinition, 'layer' | 'name'>): string =>
  `${definition.layer}-${definition.name}`;

/** A process API may use every system API, an experience API every process API: never a layer further. */
function grantOf(definition: ApiDefinition, secrets: Readonly<Record<string, string>>): ClientGrant {
  const below = definition.layer === 'process' ? 'system' : 'process';
  const id = clientOf(definition);
  const everywhere = { facilities: ['*'], legalEntities: ['*'] };
  return {
    id,
    scopes: [`${below}:*/*.read`, `${below}:*/*.write`, `${below}:*/*.run`],
    ...everywhere,
    secret: secrets[id]!,
  };
}

const protectedApi = (definition: ApiDefinition): ProtectedApi => {
  const { layer, name } = definition;
  return { layer, name, scopes: scopesOf(definition) };
};

async function secretsOf(config: HostConfig, stateDir: string, clients: readonly string[]) {
  if (!config.oidcIssuer) return serviceSecrets(stateDir, clients);
  return Object.fromEntries(clients.map((client) => [client, variable(`${client}_SECRET`) ?? '']));
}

export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.');
