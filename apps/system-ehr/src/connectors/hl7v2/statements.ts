/** HL7 v2 → statements: what a message says, and what of it is lost. Pure. */
import type { Hl7Message } from '@concord/hl7v2';
import type { Loss } from '../facts/message-notes.js';
import type { Statement } from '../facts/statement.js';
import { appointmentStatements } from './appointment.statement.js';
import { chargeStatements } from './charge.statement.js';
import { lossesOf } from './losses.js';
import { placeStatements, staffStatements } from './master-file.statement.js';
import { orderStatements } from './order.statement.js';
import { mergeStatements, patientStatements } from './patient.statement.js';
import { resultStatements } from './result.statement.js';
import { Source, type SourceParts } from './source.js';
import { supplyUseStatements } from './supply-use.statement.js';
import { visitStatements } from './visit.statement.js';

type Reader = (source: Source) => Statement[];

const by = (reader: Reader, ...triggers: readonly string[]): [string, Reader][] =>
  triggers.map((trigger) => [trigger, reader]);

/** Who reads a message, by its type and trigger event (MSH-9). What is not here is kept, and leads to nothing. */
const READERS = new Map<string, ReadonlyMap<string, Reader>>([
  [
    'ADT',
    new Map([
      ...by(
        (source) => visitStatements(source),
        'A01',
        'A02',
        'A03',
        'A04',
        'A05',
        'A06',
        'A07',
        'A08',
        'A11',
        'A13',
        'A38',
      ),
      ...by(patientStatements, 'A28', 'A31'), // a person was added, or corrected
      ...by(mergeStatements, 'A34', 'A40', 'A47'), // two numbers are one person
    ]),
  ],
  ['DFT', new Map(by(chargeStatements, 'P03', 'P11'))],
  ['SIU', new Map(by(appointmentStatements, 'S12', 'S13', 'S14', 'S15', 'S16', 'S17', 'S26'))],
  ['ORM', new Map(by(orderStatements, 'O01'))],
  ['OMG', new Map(by(orderStatements, 'O19'))],
  ['OML', new Map(by(orderStatements, 'O21', 'O33', 'O35'))],
  ['RDE', new Map(by(orderStatements, 'O11', 'O25'))],
  ['RAS', new Map(by(supplyUseStatements, 'O17'))],
  ['VXU', new Map(by(supplyUseStatements, 'V04'))],
  ['ORU', new Map(by(resultStatements, 'R01'))],
  ['MFN', new Map([...by(staffStatements, 'M02'), ...by(placeStatements, 'M05')])],
]);

export interface Told {
  /** Absent where nobody reads messages of this type. */
  readonly statements?: readonly Statement[];
  readonly losses: readonly Loss[];
}

/** Throws `malformed` with the place of each fault. */
export function statementsOf(message: Hl7Message, parts: SourceParts): Told {
  const { type, trigger } = message.header;
  const reader = READERS.get(type)?.get(trigger ?? '');
  if (!reader) return { losses: [] };
  const source = new Source(message, parts);
  const statements = reader(source);
  source.reading.done();
  return { statements, losses: [...source.losses, ...lossesOf(message)] };
}
