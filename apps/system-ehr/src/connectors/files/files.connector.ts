import { createHash } from 'node:crypto';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Problem, type ProblemFault } from '@concord/canonical';
import { linesOf, type BadLine, type Line } from '@concord/csv';
import { migrate } from '@concord/database';
import { log } from '@concord/observability';
import { Vendor } from '@concord/resilience';
import { Mailbox, mailboxMigrations, type MailboxSettings } from '@concord/sftp';
import type { InboundReceipt } from '../../inbound.dto.js';
import { FactsConnector } from '../facts/facts.connector.js';
import type { FactsParts } from '../facts/facts.intake.js';
import { knownMessages, type MessageNote } from '../facts/message-notes.js';
import type { Statement } from '../facts/statement.js';
import { ExtractReader } from './extract.js';
import { Folder, type SourceFile } from './folder.js';
import type { Extract, Profile } from './profile.js';

export interface FilesSettings {
  readonly profile: Profile;
  /** Where the files come from; nowhere by itself where neither is named. */
  readonly folder?: { readonly path: string; readonly pollMs: number };
  readonly mailbox?: MailboxSettings;
}

/** Lines that become durable together, and their characters: what is kept of a line keeps all of it in memory. */
const LINES_TOGETHER = 500;
const CHARACTERS_TOGETHER = 1_048_576;
/** Faults that are told of one group of lines; how many there were is told beyond it. */
const MOST_FAULTS = 100;

/** The health record of a practice that sends its extracts as files: what each line says, as the profile declares. */
export class FilesConnector extends FactsConnector implements OnApplicationBootstrap, OnApplicationShutdown {
  private source: { stop(): Promise<void> } | undefined;
  private mailbox: Mailbox | undefined;
  private watched: Vendor | undefined;

  constructor(
    parts: Omit<FactsParts, 'schema'>,
    private readonly settings: FilesSettings,
  ) {
    super({ ...parts, schema: 'files_ehr' });
  }

  async onApplicationBootstrap(): Promise<void> {
    const { folder, mailbox } = this.settings;
    if (folder) {
      const watched = new Vendor('ehr-files', { apis: ['system/ehr'], clock: this.parts.clock });
      const source = new Folder(folder.path, folder.pollMs, (file) => this.takeFile(file).then(() => watched.heard()));
      source.start();
      watched.watch(() => watched.run('folder', () => source.probe()));
      this.watched = watched;
      this.source = source;
    } else if (mailbox) {
      const { database, clock } = this.parts;
      await migrate(database, 'sftp', mailboxMigrations);
      this.mailbox = new Mailbox(mailbox, { database, clock, api: 'system/ehr' });
      this.source = this.mailbox.subscribe(({ name, modifiedAt, content }) =>
        this.takeFile({ name, writtenAt: modifiedAt, pieces: () => once(content) }),
      );
    }
  }

  async onApplicationShutdown(): Promise<void> {
    this.watched?.close();
    await this.source?.stop();
    await this.mailbox?.close();
  }

  receiveFhir(): Promise<InboundReceipt> {
    return Promise.reject(new Problem('not-supported', 'This health record is told in files, not in FHIR'));
  }

  receiveHl7v2(): Promise<InboundReceipt> {
    return Promise.reject(new Problem('not-supported', 'This health record is told in files, not in HL7 v2'));
  }

  /**
   * Takes a file in, a bounded number of lines at a time; a good line is taken whatever is wrong with others. Resolves once
   * all is durable; what was broken off is taken up again from the start, and what was taken already changes nothing.
   */
  async takeFile(file: SourceFile): Promise<void> {
    const extract = this.settings.profile.extracts.find(({ files }) => new RegExp(files).test(file.name));
    const digest = await digestOf(file);
    const id = `files:${digest}`;
    const { database, schema } = this.parts;
    if ((await knownMessages(database, schema, [id])).size > 0) return log.info('files.known');
    if (!extract) return this.finish(id, 'unknown', 'kept', [], 0);
    const { timeZone } = this.settings.profile;
    const personId = (system: string, number: string) => this.personId(system, number);
    const reader = new ExtractReader(extract, { timeZone, personId, writtenAt: file.writtenAt.toISOString() });
    const group = new LineGroup();
    let read = 0;
    for await (const line of linesOf(file.pieces(), this.settings.profile)) {
      const { statements, faults } = reader.read(line);
      group.add(line, statements, faults);
      if (reader.isUnusable) break;
      read += 1;
      if (group.isFull) await this.takeGroup(id, extract, reader, group);
    }
    await this.takeGroup(id, extract, reader, group);
    await this.finish(id, extract.kind, reader.isUnusable ? 'refused' : 'mapped', reader.end(), read);
  }

  private async takeGroup(fileId: string, { kind }: Extract, { losses }: ExtractReader, group: LineGroup) {
    const { first, text, statements, faults } = group.take();
    if (first === undefined) return;
    const id = `${fileId}:${first}`;
    const note = { ...this.noteOf(id, kind), outcome: 'mapped', faults, losses } as const;
    const raw = { id, source: 'files', contentType: 'application/json', body: text };
    await this.take(note, statements, raw);
    if (faults.length > 0) log.warn('files.lines.wrong', { count: faults.length });
  }

  /** Notes the file itself, last: from then on it is known. */
  private async finish(
    id: string,
    kind: string,
    outcome: MessageNote['outcome'],
    faults: readonly ProblemFault[],
    count: number,
  ): Promise<void> {
    await this.take({ ...this.noteOf(id, kind), outcome, faults, losses: [] }, [], undefined);
    if (faults.length > 0) log.warn('files.wrong', { count: faults.length });
    log.info('files.taken', { count });
  }

  private noteOf(id: string, kind: string): Pick<MessageNote, 'id' | 'receivedAt' | 'sender' | 'type'> {
    return {
      id,
      receivedAt: this.parts.clock(),
      sender: this.settings.profile.name.slice(0, 80),
      type: `file^${kind}`,
    };
  }

  private personId(system: string, number: string): string {
    return `p-${this.parts.vault.digest(JSON.stringify([system, number])).slice(0, 22)}`;
  }
}

/** Lines until they are taken together. */
class LineGroup {
  private first: number | undefined;
  private lines: unknown[] = [];
  private statements: Statement[] = [];
  private faults: ProblemFault[] = [];
  private characters = 0;

  add(line: Line | BadLine, statements: readonly Statement[], faults: readonly ProblemFault[]): void {
    this.first ??= line.line;
    this.lines.push(line);
    if ('fields' in line) for (const field of line.fields) this.characters += field.length;
    this.statements.push(...statements);
    if (this.faults.length < MOST_FAULTS) this.faults.push(...faults);
  }

  get isFull(): boolean {
    return this.lines.length >= LINES_TOGETHER || this.characters >= CHARACTERS_TOGETHER;
  }

  /** As the lines came, to be kept, and what they say. */
  take(): {
    first: number | undefined;
    text: string;
    statements: readonly Statement[];
    faults: readonly ProblemFault[];
  } {
    const { first, lines, statements, faults } = this;
    [this.first, this.lines, this.statements, this.faults] = [undefined, [], [], []];
    this.characters = 0;
    return { first, text: JSON.stringify(lines), statements, faults };
  }
}

/** What a file is known by: its content, whatever its name. */
async function digestOf({ pieces }: SourceFile): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of pieces()) hash.update(piece);
  return hash.digest('base64url');
}

async function* once(content: Buffer): AsyncGenerator<Buffer> {
  await Promise.resolve();
  yield content;
}
