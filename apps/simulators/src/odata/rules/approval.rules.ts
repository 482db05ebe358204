import type { Entity } from '../filter.js';
import type { EntityStore } from '../store.js';
import { cents, itemsOf, number, refuse, text } from './values.js';

/** Refuses an approver who may not approve the total, as the last one, for every cost center of the lines. */
export function checkApprover(store: EntityStore, document: Entity, approver: string): void {
  const total = number(document, 'TotalAmount');
  const levels = store.all('ApprovalLevels').filter((level) => level['ApproverID'] === approver);
  const isEnough = (level: Entity) => !text(level, 'ToAmount') || number(level, 'ToAmount').gte(total);
  for (const center of new Set(itemsOf(document).map((line) => line['CostCenter']))) {
    if (levels.some((level) => level['CostCenter'] === center && isEnough(level))) continue;
    const facts = { ApproverID: approver, CostCenter: String(center), Amount: cents(total) };
    refuse('NOT_AUTHORIZED', 'The approver may not approve this amount for the cost center', 'CostCenter', facts);
  }
}
