import type { Database } from '@concord/database';
import { sql } from 'kysely';

export interface WaitingFile {
  readonly partner: string;
  readonly interchange: number;
  readonly name: string;
  readonly content: Buffer;
}

export type About = 'order' | 'change' | 'cancellation';

export interface NewFile extends Omit<WaitingFile, 'name'> {
  readonly group: number;
  readonly kind: '850' | '860' | '997';
  readonly order?: string;
  /** What of the order it tells. */
  readonly about?: About;
}

const FILES_A_TURN = 50;

/** The next control number of a partner, held by this transaction. */
export async function nextControlNumber(tx: Database, partner: string, kind: 'interchange' | 'group'): Promise<number> {
  const { rows } = await sql<{ last: number }>`
    insert into supply_chain_x12.control_number as number (partner, kind, last) values (${partner}, ${kind}, 1)
    on conflict (partner, kind) do update set last = number.last + 1 returning last`.execute(tx);
  return rows[0]!.last;
}

/** Keeps a file that is to be sent; it leaves after the transaction. */
export async function keepFile(tx: Database, file: NewFile, now: Date): Promise<void> {
  const { partner, interchange, group, kind, order, about, content } = file;
  const name = `${partner}-${kind}-${String(interchange).padStart(9, '0')}.x12`;
  await sql`
    insert into supply_chain_x12.sent_file (partner, interchange, functional_group, kind, order_id, about, name, content, written_at)
    values (${partner}, ${interchange}, ${group}, ${kind}, ${order ?? null}, ${about ?? null}, ${name}, ${content}, ${now})`.execute(
    tx,
  );
}

export async function waitingFiles(database: Database): Promise<WaitingFile[]> {
  const { rows } = await sql<WaitingFile>`
    select partner, interchange, name, content from supply_chain_x12.sent_file
    where sent_at is null order by written_at, interchange limit ${FILES_A_TURN}`.execute(database);
  return rows;
}

export async function markSent(database: Database, { partner, interchange }: WaitingFile, now: Date): Promise<void> {
  await sql`update supply_chain_x12.sent_file set sent_at = ${now}
    where partner = ${partner} and interchange = ${interchange}`.execute(database);
}

/** What went out in a group, for the 997 that answers it. */
export async function sentInGroup(
  tx: Database,
  partner: string,
  group: number,
): Promise<{ order: string; about: About } | undefined> {
  const { rows } = await sql<{ order: string; about: About }>`
    select order_id as order, about from supply_chain_x12.sent_file
    where partner = ${partner} and functional_group = ${group} and kind in ('850', '860')`.execute(tx);
  return rows[0];
}

/** `repeated`: the same interchange came before; `duplicate`: its control number came with another content. */
export async function enter(
  tx: Database,
  partner: string,
  controlNumber: string,
  file: { readonly sha256: string; readonly content: Buffer },
  faults: readonly string[],
  now: Date,
): Promise<'new' | 'repeated' | 'duplicate'> {
  const { rows } = await sql<{ sha256: string }>`
    select sha256 from supply_chain_x12.received
    where partner = ${partner} and control_number = ${controlNumber}`.execute(tx);
  if (rows.some(({ sha256 }) => sha256 === file.sha256)) return 'repeated';
  const outcome = rows.length > 0 ? 'duplicate' : faults.length > 0 ? 'refused' : 'taken';
  await sql`
    insert into supply_chain_x12.received (partner, control_number, sha256, outcome, faults, content, received_at)
    values (${partner}, ${controlNumber}, ${file.sha256}, ${outcome}, ${JSON.stringify(faults)}::jsonb, ${file.content}, ${now})`.execute(
    tx,
  );
  return rows.length > 0 ? 'duplicate' : 'new';
}
