import path from 'node:path';
import { AuditTrail, noteAuditTrail } from '@concord/audit';
import { EventLog, Vault } from '@concord/events';
import { log, logTo, measureProcess } from '@concord/observability';
import { issuerKeys } from '@concord/policy';
import { configure } from '../configuration.js';
import type { ApiDefinition } from '../definition.js';
import type { Platform } from '../platform.js';
import { Receipts } from '../receipts.js';
import { startApi, type RunningApi } from '../start-api.js';
import { Transports } from '../transports.js';
import { auditNotes } from './audit-notes-folder.js';
import { bootDatabase, type BootedDatabase } from './boot-database.js';
import { bootIdentity, clientOf } from './boot-identity.js';
import { FrontDoor } from './front-door.js';
import type { HostPart, PreparedPart } from './host-part.js';
import { HostConfig } from './host.config.js';
import { connectorHealth } from './connector-health.js';
import { housekeeping } from './housekeeping.js';
import { systemsBehind } from './systems-behind.js';
import { passOn, remoteAddresses, remoteTransport } from './remote-apis.js';

export interface Host {
  readonly url: string;
  /** The APIs that run here. */
  readonly apis: readonly RunningApi[];
  readonly platform: Platform;
  stop(): Promise<void>;
}

interface HostOptions {
  /** All APIs there are; those named by `APIS` are hosted, the others may be reached elsewhere. */
  readonly definitions: readonly ApiDefinition[];
  readonly parts?: readonly HostPart[];
  readonly config?: HostConfig;
  readonly print?: (part: string, line: string) => void;
  readonly clock?: () => Date;
}

/** The EHR speaks for every clinic at once, so it may do so this much faster than any other caller. */
const EHR_CLIENT = 'ehr';
const EHR_FACTOR = 20;

/** Starts a host: database, identity, parts, APIs, and the port that everything is reached by. */
export async function startHost(options: HostOptions): Promise<Host> {
  const { config = configure(HostConfig), print = () => undefined, clock = () => new Date() } = options;
  logTo({ level: config.logLevel });
  measureProcess();
  const endings: (() => Promise<void>)[] = [];
  const end = async () => {
    for (const ending of endings.reverse())
      await ending().catch((error: unknown) => log.error('host.stop-failed', { error }));
    endings.length = 0;
  };
  try {
    return await boot({ ...options, config, print, clock }, endings, end);
  } catch (error) {
    await end();
    throw error;
  }
}

async function boot(
  { definitions, parts = [], config, print, clock }: Required<Omit<HostOptions, 'parts'>> & Pick<HostOptions, 'parts'>,
  endings: (() => Promise<void>)[],
  end: () => Promise<void>,
): Promise<Host> {
  const publicUrl = config.publicUrl || `http://${config.host}:${config.port}`;
  const dataDir = path.resolve(config.dataDir);
  const notes = auditNotes(config);
  const [booted, ...prepared] = (await allOrNothing<BootedDatabase | PreparedPart>([
    bootDatabase(config, print),
    ...parts.map((part) => part.begin({ dataDir, print })),
  ])) as [BootedDatabase, ...PreparedPart[]];
  for (const begun of [booted, ...prepared]) endings.push(() => begun.end());
  const { database } = booted;

  const vault = config.vaultKey ? Vault.fromSecret(config.vaultKey) : Vault.fromFile(path.join(dataDir, 'vault.key'));
  const events = new EventLog(database, vault, { clock, rawRetentionDays: config.rawRetentionDays });
  const audit = new AuditTrail(database, clock);
  endings.push(noteAuditTrail({ database, notes, clock }));
  endings.push(() => audit.flush());
  const receipts = new Receipts(database);
  const identity = await bootIdentity(config, publicUrl, definitions, print);
  const addresses = remoteAddresses(definitions);
  const transports = new Transports({
    token: (client, api) => identity.token(client, api),
    remote: (api) => remoteTransport(addresses, api),
    guard: systemsBehind(definitions, clock),
  });
  const surroundings = { database, events, transports, dataDir, clock, print };
  const providers = (await Promise.all(prepared.map((part) => part.prepare(surroundings)))).flat();
  const keys = issuerKeys(identity.issuer);
  const ours = new Set(definitions.map(clientOf));
  // Clients of our own are held back by their bulkheads, not by a rate.
  const clientLimit = (client: string) =>
    ours.has(client)
      ? undefined
      : { quota: config.requestsPerMinute * (client === EHR_CLIENT ? EHR_FACTOR : 1), windowSeconds: 60 };
  const policy = { issuer: identity.issuer, keys, clientLimit };
  const platform: Platform = {
    database,
    audit,
    auditNotes: notes,
    events,
    vault,
    receipts,
    transports,
    clock,
    policy,
    publicUrl,
    parts: providers,
  };

  let ready = false;
  const door = new FrontDoor({
    definitions,
    identity,
    isReady: () => ready,
    elsewhere: (request, response) => passOn(addresses, request, response),
  });
  const apis: RunningApi[] = [];
  endings.push(async () => {
    const closed = door.close(); // from now on nobody comes in; streams end with their APIs
    await Promise.all(apis.map(({ app }) => app.close()));
    await closed;
  });
  await door.listen(config.port, config.host);
  const hosted = hostedOf(definitions, config);
  apis.push(...(await Promise.all(hosted.map((definition) => startApi(definition, platform)))));
  apis.forEach((api) => door.host(api));
  print('apis', hosted.map(({ name }) => name).join(', '));
  const schedule = prepared.find((part) => part.schedule)?.schedule;
  endings.push(housekeeping({ database, events, receipts }, schedule));
  for (const part of prepared) {
    endings.push(() => part.stop());
    await part.start();
  }
  endings.push(connectorHealth(database, vault));
  ready = true;
  return {
    url: publicUrl,
    apis,
    platform,
    stop: async () => {
      ready = false;
      await end();
    },
  };
}

function hostedOf(definitions: readonly ApiDefinition[], config: HostConfig): ApiDefinition[] {
  if (!config.apis) return [...definitions];
  const names = config.apis.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !definitions.some((definition) => definition.name === name));
  if (unknown.length) throw new Error(`APIS names ${unknown.join(', ')}, which there is not`);
  return definitions.filter(({ name }) => names.includes(name));
}

/** Begins all at once; where one fails, what the others began is ended. */
async function allOrNothing<T extends { end: () => Promise<void> }>(begun: Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(begun);
  const failed = settled.find((one) => one.status === 'rejected');
  if (!failed) return settled.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  for (const one of settled) if (one.status === 'fulfilled') await one.value.end();
  throw failed.reason;
}
