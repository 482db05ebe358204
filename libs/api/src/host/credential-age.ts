import type { Database } from '@concord/database';
import type { Vault } from '@concord/events';
import type { Credential } from '@concord/resilience';
import { sql } from 'kysely';

/**
 * Since when a credential is what it is. A password carries no date: the moment at which it was first used is kept beside
 * a keyed digest of it, by which nobody can guess it.
 */
export class CredentialAge {
  /** By vendor, kind and digest; as many as there are credentials. */
  private readonly known = new Map<string, Date>();

  constructor(
    private readonly database: Database,
    private readonly vault: Pick<Vault, 'digest'>,
  ) {}

  /** The credential as it may be shown. */
  async dated(vendor: string, { digest, ...credential }: Credential): Promise<Credential> {
    return digest === undefined
      ? credential
      : { ...credential, since: await this.since(vendor, credential.kind, digest) };
  }

  private async since(vendor: string, kind: string, plain: string): Promise<Date> {
    const digest = this.vault.digest(`${vendor}/${kind}/${plain}`);
    const known = this.known.get(digest);
    if (known) return known;
    const { rows } = await sql<{ since: Date }>`
      insert into api.credential as kept (vendor, kind, digest, since) values (${vendor}, ${kind}, ${digest}, now())
      on conflict (vendor, kind) do update set digest = excluded.digest,
        since = case when kept.digest = excluded.digest then kept.since else excluded.since end
      returning since`.execute(this.database);
    this.known.set(digest, rows[0]!.since);
    return rows[0]!.since;
  }
}
