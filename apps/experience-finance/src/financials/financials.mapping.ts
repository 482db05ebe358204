import type { BalanceProof, DocumentReference, Freshness } from '@concord/canonical';
import type { Selectable } from 'kysely';
import type { EncounterRow } from '../encounters/encounters.tables.js';
import { figuresOf } from '../figures.js';
import type { Financials, PostedEntry, RaisedClaim } from './financials.dto.js';

type Row = Selectable<EncounterRow>;

/** The page of one encounter out of its row and its proof. */
export function toFinancials(row: Row, proof: BalanceProof, freshness: Freshness): Financials {
  const { charges, supplies, labor, documents } = row.details;
  const totals = figuresOf(row);
  return {
    encounterId: row.encounter_id,
    status: row.withdrawn_at ? 'withdrawn' : 'financed',
    facility: row.facility,
    region: row.region,
    legalEntity: row.legal_entity,
    serviceLine: row.service_line,
    payer: row.payer,
    serviceDate: row.service_date,
    financedAt: row.financed_at.toISOString(),
    withdrawnAt: row.withdrawn_at?.toISOString(),
    charges,
    claim: documents.filter(isKind('claim')).map((claim) => toClaim(claim, row, totals))[0],
    journalEntries: documents.filter(isKind('journal-entry')).map((entry) => toEntry(entry, row)),
    supplies,
    labor,
    documents: [...documents],
    totals,
    balanced: proof.balanced,
    proof,
    freshness,
  };
}

const isKind =
  (kind: DocumentReference['kind']) =>
  (document: DocumentReference): boolean =>
    document.kind === kind;

const toClaim = ({ id, number }: DocumentReference, { payer }: Row, totals: Financials['totals']): RaisedClaim => ({
  id,
  number,
  payer,
  charge: totals.gross,
  expected: totals.expected,
});

const toEntry = ({ id, number }: DocumentReference, row: Row): PostedEntry => ({
  id,
  number,
  legalEntity: row.legal_entity,
  accountingDate: row.accounting_date,
  lines: row.details.posting,
});
