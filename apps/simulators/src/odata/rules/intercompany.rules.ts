/**
 * What one company provides to another is one document and two entries: the provider is owed what the receiver owes. Both
 * are posted or none is, and none is taken back without the other.
 */
import type { Entity } from '../filter.js';
import type { EntityStore } from '../store.js';
import { itemOf, post, reverseEntry } from './journal.rules.js';
import { checkNames, checkPositive, number, refuse, text } from './values.js';

const DUE_FROM_RELATED = '1900';
const DUE_TO_RELATED = '2900';

export function provide(store: EntityStore, entity: Entity): Entity {
  checkNames(store, entity, { ProvidingCompany: 'Companies', ReceivingCompany: 'Companies' });
  if (entity['ProvidingCompany'] === entity['ReceivingCompany'])
    refuse('SAME_COMPANY', 'A company provides nothing to itself', 'ReceivingCompany');
  checkPositive(entity, 'Amount');
  if (number(entity, 'Amount').decimalPlaces() > 2) refuse('PART_OF_CENT', 'Amounts are in whole cents', 'Amount');
  return store.insert(
    'IntercompanyDocuments',
    {
      ...entity,
      DocumentStatus: 'P',
      ProvidingEntryID: postSide(store, entity, 'Providing', [DUE_FROM_RELATED, text(entity, 'ProvidingGLAccount')]),
      ReceivingEntryID: postSide(store, entity, 'Receiving', [text(entity, 'ReceivingGLAccount'), DUE_TO_RELATED]),
    },
    'X',
  );
}

function postSide(
  store: EntityStore,
  entity: Entity,
  side: 'Providing' | 'Receiving',
  [debit, credit]: readonly [string, string],
): string | undefined {
  const center = text(entity, `${side}CostCenter`);
  const about = {
    company: text(entity, `${side}Company`),
    date: text(entity, 'PostingDate'),
    reference: text(entity, 'DocumentReference'),
    header: text(entity, 'HeaderText'),
  };
  const amount = number(entity, 'Amount');
  return post(store, about, [itemOf(debit, center, 'D', amount), itemOf(credit, center, 'C', amount)]);
}

/** What a reversal says; nothing else of a document that is posted changes. */
const REVERSAL: ReadonlySet<string> = new Set(['DocumentStatus', 'ReversalReason', 'ReversalDate']);

export function takeBackBoth(store: EntityStore, before: Entity, after: Entity, change: Entity): void {
  if (Object.keys(change).some((name) => !REVERSAL.has(name))) refuse('WRONG_STATE', 'What is posted does not change');
  if (before['DocumentStatus'] === after['DocumentStatus']) return;
  if (after['DocumentStatus'] !== 'R') refuse('WRONG_STATE', 'A document that is reversed stays so');
  for (const side of ['Providing', 'Receiving']) {
    reverseEntry(store, { ...after, JournalEntryID: after[`${side}EntryID`] });
  }
}
