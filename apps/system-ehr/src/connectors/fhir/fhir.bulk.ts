/**
 * Everything the EHR knows, at once: Bulk Data Access 2.0. The export is begun, asked for until it is ready, and taken file
 * by file into a staging table, line by line, so that memory does not grow with it. What was taken stays taken: after
 * a failure it goes on with the next file. In the end each encounter is put together, and the export is deleted.
 */
import type { Encounter, Resource } from '@medplum/fhirtypes';
import { sql } from 'kysely';
import { Problem } from '@concord/canonical';
import type { Database } from '@concord/database';
import type { Vault } from '@concord/events';
import { encounterIdOf, readFhir } from '@concord/fhir';
import type { FhirClient, Identified } from './fhir.client.js';
import type { FhirIntake } from './fhir.intake.js';
import { encounterFromFhir } from './fhir.mapping.js';
import { forget, remember, remembered } from './fhir.tables.js';
import { carried } from './reference-id.js';
import { mentionsOf, parentOf } from './references.js';
import { textOf, listOf } from './wire.js';

const TYPES = [
  'Encounter',
  'Procedure',
  'Immunization',
  'ChargeItem',
  'DeviceUseStatement',
  'SupplyDelivery',
  'MedicationAdministration',
  'Condition',
  'Claim',
  'Coverage',
  'Device',
  'Medication',
];

/** How far an export has come; it outlives the process. */
interface Progress {
  readonly address: string;
  readonly manifest?: { readonly transactionTime: string; readonly files: readonly string[] };
  readonly filesDone: number;
  /** The last encounter that was put together. */
  readonly encounter?: string;
}

interface Loading {
  readonly database: Database;
  readonly vault: Vault;
  readonly ehr: FhirClient;
  readonly intake: FhirIntake;
  /** Waits, as long as the EHR asks. */
  readonly pause: (ms: number) => Promise<void>;
}

export interface BulkResult {
  /** The moment of which the export is: what changed later is to be swept. */
  readonly transactionTime: string;
  readonly encounters: number;
}

const NAME = 'bulk';
const LINES_A_STATEMENT = 200;
const ENCOUNTERS_A_STEP = 100;
const SHORTEST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 120_000;
const MOST_FILES = 10_000;

export async function bulkLoad(loading: Loading): Promise<BulkResult> {
  const { database, ehr } = loading;
  let progress = (await remembered<Progress>(database, NAME)) ?? (await begin(ehr));
  await remember(database, NAME, progress);
  const advance = async (next: Partial<Progress>) => remember(database, NAME, (progress = { ...progress, ...next }));
  if (!progress.manifest) await advance({ manifest: await manifestOf(loading, progress.address) });
  const { files, transactionTime } = progress.manifest!;
  for (let at = progress.filesDone; at < files.length; at += 1) {
    await stageFile(loading, files[at]!);
    await advance({ filesDone: at + 1 });
  }
  await adoptOrphans(database);
  let encounters = 0;
  for (;;) {
    const ids = await nextEncounters(database, progress.encounter ?? '');
    if (ids.length === 0) break;
    await takeStaged(loading, ids);
    encounters += ids.length;
    await advance({ encounter: ids.at(-1) });
  }
  await ehr.call('delete', progress.address).catch(() => undefined); // it ends by itself, later
  await sql`truncate fhir_ehr.staged`.execute(database);
  await forget(database, NAME);
  return { transactionTime, encounters };
}

async function begin(ehr: FhirClient): Promise<Progress> {
  const address = `$export?_type=${TYPES.join(',')}`;
  const { status, headers } = await ehr.call('get', address, undefined, { prefer: 'respond-async' });
  const location = textOf(headers['content-location']);
  if (status !== 202 || location === undefined)
    throw new Problem('upstream-rejected', 'The EHR exports nothing in bulk');
  return { address: ehr.below(location), filesDone: 0 };
}

/** Asks until the export is ready, as often as the EHR wants to be asked. */
async function manifestOf({ ehr, pause, database }: Loading, address: string) {
  for (;;) {
    const answer = await ehr.call('get', address, undefined, { accept: 'application/json' }).catch(async (error) => {
      if (error instanceof Problem && error.slug === 'not-found') await forget(database, NAME); // begin anew next time
      throw error;
    });
    if (answer.status === 200) return readManifest(ehr, answer.text);
    const seconds = Number(answer.headers['retry-after'] ?? 1);
    await pause(Math.min(Math.max((seconds || 0) * 1000, SHORTEST_WAIT_MS), LONGEST_WAIT_MS));
  }
}

function readManifest(ehr: FhirClient, text: string) {
  const { transactionTime, output } = JSON.parse(text) as { transactionTime?: unknown; output?: { url?: unknown }[] };
  const time = textOf(transactionTime);
  const files = listOf(output).flatMap(({ url }) => textOf(url) ?? []);
  if (time === undefined || files.length > MOST_FILES)
    throw new Problem('upstream-rejected', 'The manifest of the export cannot be used');
  return { transactionTime: time, files: files.map((file) => ehr.below(file)) };
}

async function stageFile({ ehr, database, vault }: Loading, file: string): Promise<void> {
  let waiting: string[] = [];
  for await (const line of ehr.lines(file)) {
    waiting.push(line);
    if (waiting.length < LINES_A_STATEMENT) continue;
    await stage(database, vault, waiting);
    waiting = [];
  }
  await stage(database, vault, waiting);
}

/** A line that is not FHIR is left out: it must not keep the ones beside it from coming in. */
async function stage(database: Database, vault: Vault, lines: readonly string[]): Promise<void> {
  const rows = new Map(
    lines.flatMap((line) => {
      const resource = readLine(line);
      if (!resource) return [];
      const key = `${resource.resourceType}/${resource.id}`;
      const encounterId = carried(encounterIdOf(resource));
      return [[key, { key, encounterId, parent: parentOf(resource), body: vault.seal(line, key).toString('base64') }]];
    }),
  );
  if (rows.size === 0) return;
  const all = [...rows.values()];
  await sql`
    insert into fhir_ehr.staged (key, encounter_id, parent, body)
    select key, encounter_id, parent, decode(body, 'base64') from unnest(
      ${all.map(({ key }) => key)}::text[],
      ${all.map(({ encounterId }) => encounterId ?? null)}::text[],
      ${all.map(({ parent }) => parent ?? null)}::text[],
      ${all.map(({ body }) => body)}::text[]
    ) as staged (key, encounter_id, parent, body)
    on conflict (key) do update set
      encounter_id = excluded.encounter_id, parent = excluded.parent, body = excluded.body`.execute(database);
}

function readLine(line: string): Identified | undefined {
  try {
    const [change] = readFhir(JSON.parse(line)).resources;
    return change?.operation === 'upsert' ? change.resource : undefined;
  } catch {
    return undefined;
  }
}

/** What was used in a procedure belongs to the procedure's encounter. */
async function adoptOrphans(database: Database): Promise<void> {
  await sql`
    update fhir_ehr.staged as orphan set encounter_id = parent.encounter_id from fhir_ehr.staged as parent
    where orphan.encounter_id is null and orphan.parent = parent.key and parent.encounter_id is not null`.execute(
    database,
  );
}

async function nextEncounters(database: Database, after: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct encounter_id as id from fhir_ehr.staged
    where encounter_id > ${after} and key = 'Encounter/' || encounter_id
    order by encounter_id limit ${ENCOUNTERS_A_STEP}`.execute(database);
  return rows.map(({ id }) => id);
}

async function takeStaged({ database, vault, intake }: Loading, ids: readonly string[]): Promise<void> {
  const { rows } = await sql<Row>`
    select key, encounter_id, body from fhir_ehr.staged where encounter_id = any(${ids}) order by key`.execute(
    database,
  );
  const staged = rows.map((row) => ({ ...opened(vault, row), encounterId: row.encounter_id }));
  const mentions = [...new Set(staged.flatMap(({ resource }) => mentionsOf(resource)))];
  const { rows: others } = await sql<Row>`
    select key, encounter_id, body from fhir_ehr.staged where key = any(${mentions})`.execute(database);
  const known = new Map(others.map((row) => [row.key, opened(vault, row).resource]));
  const takings = ids.flatMap((id) => {
    const own = staged.filter(({ encounterId }) => encounterId === id);
    const whole = own.find(({ resource }) => resource.resourceType === 'Encounter');
    if (!whole) return [];
    const encounter = whole.resource as Encounter & Identified;
    const parts = own.filter((one) => one !== whole).map(({ resource }) => resource);
    const mentioned = new Map(
      own
        .flatMap(({ resource }) => mentionsOf(resource))
        .flatMap((key) => {
          const one = known.get(key);
          return one ? [[key, one] as const] : [];
        }),
    );
    return [intake.take({ encounter, content: encounterFromFhir(id, encounter, parts, mentioned), text: whole.text })];
  });
  await Promise.all(takings);
}

function opened(vault: Vault, { key, body }: Row): { readonly text: string; readonly resource: Resource } {
  const text = vault.open(body, key).toString('utf8');
  return { text, resource: JSON.parse(text) as Resource };
}

interface Row {
  readonly key: string;
  readonly encounter_id: string | null;
  readonly body: Buffer;
}
