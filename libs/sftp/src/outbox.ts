import { createHash } from 'node:crypto';
import { Problem } from '@concord/canonical';
import type Client from 'ssh2-sftp-client';
import { files, type MailboxLine } from './mailbox.line.js';

const UPLOADING = '.tmp';

/** The way to the partner: each file appears whole and once, whatever is lost on the way. */
export class Outbox {
  constructor(private readonly line: MailboxLine) {}

  async put(name: string, content: Buffer): Promise<'written' | 'there'> {
    const { ledger, surroundings } = this.line;
    const sha256 = createHash('sha256').update(content).digest('hex');
    const state = await ledger.hold({ name, size: content.length, sha256 }, surroundings.clock());
    if (state === 'other') throw new Problem('conflict', 'A file of this name was put there with another content');
    if (state === 'held') throw this.busy();
    if (state === 'written') return counted('there');
    try {
      const arrived = await this.line.use('put', (client) => this.upload(client, name, content, state));
      await ledger.reached(name, 'written');
      return counted(arrived);
    } finally {
      await ledger.letGo(name);
    }
  }

  /**
   * The temporary name goes away by nothing but the rename. So where the whole file was there under it and is no more, the
   * rename was done and only its answer was lost: the partner may have fetched the file since.
   */
  private async upload(
    client: Client,
    name: string,
    content: Buffer,
    state: 'begun' | 'uploaded',
  ): Promise<'written' | 'there'> {
    const final = `${this.line.settings.outbound}/${name}`;
    const temporary = final + UPLOADING;
    if (state === 'uploaded' && !(await client.exists(temporary))) return 'there';
    if (state === 'begun') {
      await client.put(content, temporary);
      const { size } = await client.stat(temporary);
      if (size !== content.length) throw this.busy();
      await this.line.ledger.reached(name, 'uploaded');
    }
    await client.rename(temporary, final);
    return 'written';
  }

  private busy = () => this.line.notNow('This file is being put there by somebody else');
}

function counted(outcome: 'written' | 'there'): 'written' | 'there' {
  files.add({ outcome });
  return outcome;
}
