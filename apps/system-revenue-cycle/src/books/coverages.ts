import { Problem, type Coverage, type CoverageReference, type NewCoverage } from '@concord/canonical';
import type { Database } from '@concord/database';
import type { Vault } from '@concord/events';
import { DocumentStore, type Document } from './document.store.js';

type Open = Pick<NewCoverage, 'encounterId' | 'payer'>;

/** Who insures whom. All but the encounter and the payer is kept sealed. */
export class Coverages {
  readonly documents = new DocumentStore<Open>('coverage', 'COV');

  constructor(private readonly vault: Vault) {}

  async add(tx: Database, businessKey: string, coverage: NewCoverage, at: Date): Promise<Document<Open>> {
    const added = await this.documents.add(tx, { businessKey, ...this.kept(coverage) }, at);
    return added ?? (await this.documents.ofKey(tx, businessKey))!;
  }

  change(tx: Database, id: string, revision: string, at: Date, change: (from: NewCoverage) => NewCoverage) {
    return this.documents.change(tx, id, revision, (known) => this.kept(change(this.opened(known))), at);
  }

  /** The newest coverage of an encounter with each payer, the payer of the claim first. */
  async of(db: Database, encounterId: string, payer: string): Promise<{ own?: NewCoverage; others: NewCoverage[] }> {
    const all = await this.documents.ofEncounters(db, [encounterId]);
    const newest = new Map(all.toSorted((a, b) => a.sequence - b.sequence).map((each) => [each.payer, each]));
    const opened = [...newest.values()].map((each) => this.opened(each));
    return { own: opened.find((each) => each.payer === payer), others: opened.filter((each) => each.payer !== payer) };
  }

  opened({ sealed, encounterId }: Document<Open>): NewCoverage {
    if (!sealed) throw new Problem('internal');
    return JSON.parse(this.vault.open(sealed, placeOf(encounterId!)).toString()) as NewCoverage;
  }

  private kept(coverage: NewCoverage) {
    const { encounterId, payer } = coverage;
    const sealed = this.vault.seal(JSON.stringify(coverage), placeOf(encounterId));
    return { encounterId, payer, body: { encounterId, payer }, sealed };
  }
}

const placeOf = (encounterId: string): string => `coverage/${encounterId}`;

export function coverageOf(document: Document<Open>, vault: Vault): Coverage {
  const { id, revision, changedAt } = document;
  return { ...new Coverages(vault).opened(document), id, revision, changedAt };
}

export const referenceOf = ({ id, revision, changedAt, body }: Document<Open>): CoverageReference => ({
  id,
  encounterId: body.encounterId,
  payer: body.payer,
  revision,
  changedAt,
});
