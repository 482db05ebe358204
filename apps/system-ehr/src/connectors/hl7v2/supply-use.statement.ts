import { dateOf, decimalOf, type Segment } from '@concord/hl7v2';
import type { SupplyFact } from '../facts/encounter.facts.js';
import type { Facts, Statement } from '../facts/statement.js';
import { keptSegments, patientIdOf, patientStatements } from './patient.statement.js';
import type { Source } from './source.js';
import { visitNumberOf } from './visit.statement.js';

/** Completion status (RXA-20, HL7 table 0322). */
const STATUS = new Map([
  ['CP', 'used'], // complete
  ['PA', 'used'], // partially administered
  ['NA', 'not-used'],
  ['RE', 'not-used'], // refused
]);

/** RAS^O17 and VXU^V04: drugs and vaccines that were given (RXA), with their lots. */
export function supplyUseStatements(source: Source): Statement[] {
  const patientId = patientIdOf(source);
  const encounterId = source.id(visitNumberOf(source), 'PV1-19');
  const kept = keptSegments(source);
  const supplies: Record<string, SupplyFact | null> = {};
  const isVaccine = source.message.header.type === 'VXU';
  const uses = source.message.segments('RXA').map((rxa): Statement => {
    const item = source.coding(rxa.field(5), source.place(rxa, 5)); // RXA-5 administered code
    const usedAt = source.instant(rxa, 3); // RXA-3 start of administration
    const id = source.hiddenId(
      'u',
      encounterId ?? '',
      patientId ?? '',
      item?.code ?? '',
      usedAt ?? '',
      rxa.text(2) ?? '',
    );
    const isDeleted = rxa.text(21) === 'D'; // RXA-21 action code
    const status = isDeleted ? 'entered-in-error' : (STATUS.get(rxa.text(20) ?? 'CP') ?? 'used');
    const { quantity, unit, lot } = amountOf(rxa);
    const facts: Facts = {
      kind: isVaccine ? 'immunization' : 'medication',
      status,
      item,
      quantity,
      unit,
      lot,
      expiresOn: dateOf(rxa.text(16)), // RXA-16 expiration date
      usedAt,
      encounterId,
      patientId,
      ...kept,
    };
    if (item) supplies[`supply:${id}`] = status === 'used' ? { item, quantity, unit, ...(lot && { lot }) } : null;
    return source.state('supply-use', id, facts);
  });
  const encounter = encounterId === undefined ? [] : [source.state('encounter', encounterId, supplies)];
  return [...uses, ...(Object.keys(supplies).length ? encounter : []), ...patientStatements(source)];
}

/** RXA-6 amount, where 999 stands for one that is not known, RXA-7 units, RXA-15 lot. */
function amountOf(rxa: Segment): { quantity: string; unit: string; lot: string | undefined } {
  const said = decimalOf(rxa.text(6));
  const isKnown = said !== undefined && said !== '999' && !said.startsWith('-');
  return {
    quantity: isKnown ? said : '1',
    unit: (isKnown ? rxa.text(7) : undefined)?.slice(0, 40) ?? '{dose}',
    lot: rxa.text(15)?.slice(0, 40),
  };
}
