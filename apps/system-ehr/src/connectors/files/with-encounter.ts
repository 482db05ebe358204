import type { ChargeFact, SupplyFact } from '../facts/encounter.facts.js';
import type { Statement } from '../facts/statement.js';
import type { EncounterCharge, SupplyUseRecord } from '@concord/canonical';

/** A charge or a use that names its encounter is said of the encounter, too: finance reads it there. */
export function withEncounter(statement: Statement): Statement[] {
  const { kind, id, saidAt, facts } = statement;
  const encounterId = facts['encounterId'];
  if (typeof encounterId !== 'string') return [statement];
  const said = kind === 'charge' ? chargeOf(id, facts) : kind === 'supply-use' ? supplyOf(id, facts) : undefined;
  return said ? [statement, { kind: 'encounter', id: encounterId, saidAt, facts: said }] : [statement];
}

function chargeOf(id: string, facts: Statement['facts']): Record<string, ChargeFact | null> {
  const { status = 'billable', code, quantity = '1', renderedAt } = facts as Partial<EncounterCharge>;
  const isCharged = status === 'billable' || status === 'billed';
  const charge: ChargeFact = {
    sequence: 0,
    code,
    sign: quantity.startsWith('-') ? -1 : 1,
    quantity: quantity.replace(/^-/, ''),
    date: (renderedAt ?? '').slice(0, 10),
  };
  return { [`charge:${id}`]: isCharged ? charge : null };
}

function supplyOf(id: string, facts: Statement['facts']): Record<string, SupplyFact | null> {
  const { status = 'used', item, quantity = '1', unit = 'each', lot } = facts as Partial<SupplyUseRecord>;
  const supply = item && { item, quantity, unit, ...(lot && { lot }) };
  return { [`supply:${id}`]: status === 'used' && supply ? supply : null };
}
