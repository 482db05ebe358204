import type { Segment } from '@concord/hl7v2';
import type { Statement } from '../facts/statement.js';
import { practitionerMentions } from './mentions.statement.js';
import { keptSegments, patientIdOf, patientStatements } from './patient.statement.js';
import type { Source } from './source.js';
import { visitNumberOf } from './visit.statement.js';

/** Order control (ORC-1, HL7 table 0119) as FHIR's status of a request. */
const STATUS_AFTER = new Map<string, string>([
  ['NW', 'active'], // new
  ['SN', 'active'], // send a number for a new one
  ['XO', 'active'], // changed
  ['XX', 'active'], // changed without being asked
  ['RP', 'active'], // replaces another
  ['RO', 'active'],
  ['RL', 'active'], // released from hold
  ['OK', 'active'], // accepted
  ['HD', 'on-hold'],
  ['OH', 'on-hold'],
  ['CA', 'revoked'], // to be cancelled
  ['OC', 'revoked'], // cancelled
  ['CR', 'revoked'], // cancelled as asked for
  ['DC', 'revoked'], // to be discontinued
  ['OD', 'revoked'],
  ['DR', 'revoked'],
  ['RE', 'completed'], // results follow
]);

/** Order status (ORC-5, HL7 table 0038), which says more than the control where it is filled. */
const STATUS_OF = new Map<string, string>([
  ['A', 'active'],
  ['IP', 'active'],
  ['SC', 'active'],
  ['RP', 'revoked'],
  ['HD', 'on-hold'],
  ['CA', 'revoked'],
  ['DC', 'revoked'],
  ['ER', 'entered-in-error'],
  ['CM', 'completed'],
]);

/** One order: ORC and what follows it until the next. */
interface OrderGroup {
  readonly orc: Segment;
  readonly detail: Segment | undefined;
  readonly timing: Segment | undefined;
}

/** ORM^O01, OMG^O19, OML^O21, RDE^O11 …: what is ordered, each with its number. */
export function orderStatements(source: Source): Statement[] {
  const patientId = patientIdOf(source);
  const encounterId = source.id(visitNumberOf(source), 'PV1-19');
  const kept = keptSegments(source);
  const orders = groupsOf(source.message.body).flatMap(({ orc, detail, timing }): Statement[] => {
    const number = orc.text(2) ?? detail?.text(2) ?? orc.text(3) ?? detail?.text(3); // ORC-2 placer, ORC-3 filler number
    if (number === undefined) {
      source.lose(source.place(orc, 2), 'names no order');
      return [];
    }
    const orderer = orc.field(12); // ORC-12 ordering provider
    const code = detail && source.coding(detail.field(codeField(detail)), source.place(detail, codeField(detail)));
    const facts = {
      patientId,
      encounterId,
      code,
      status: STATUS_OF.get(orc.text(5) ?? '') ?? STATUS_AFTER.get(orc.text(1) ?? ''), // ORC-5 status, ORC-1 control
      orderedAt: source.instant(orc, 9), // ORC-9 transaction time
      practitionerId: source.id(orderer.text(), source.place(orc, 12)),
      kind: KIND.get(detail?.name ?? '') ?? 'service',
      priority: priorityOf(orc, detail, timing),
      dueAt: source.instant(timing, 7) ?? source.instant(orc, 7, 4), // TQ1-7 start, ORC-7.4 start as it was until 2.4
      fillerNumber: orc.text(3),
      ...kept,
    };
    const id = source.id(number, source.place(orc, 2)) ?? source.hiddenId('o', number);
    return [source.state('order', id, facts), ...practitionerMentions(source, [orderer])];
  });
  return [...orders, ...patientStatements(source)];
}

/** What a detail asks for. */
const KIND = new Map([
  ['OBR', 'service'],
  ['ODS', 'service'], // a diet
  ['RXO', 'medication'],
  ['RXE', 'medication'],
  ['RQD', 'device'],
]);

/** Priority (TQ1-9, ORC-7.6, OBR-5; HL7 table 0485 and before it 0027). */
const PRIORITY = new Map([
  ['S', 'stat'],
  ['A', 'asap'],
  ['C', 'urgent'], // callback
  ['P', 'urgent'], // preoperative
  ['T', 'urgent'], // timing critical
  ['R', 'routine'],
]);

const priorityOf = (orc: Segment, detail: Segment | undefined, timing: Segment | undefined): string | undefined => {
  const said = timing?.text(9) ?? orc.text(7, 6) ?? (detail?.name === 'OBR' ? detail.text(5) : undefined);
  return PRIORITY.get(said?.charAt(0).toUpperCase() ?? '');
};

const DETAILS = new Set(['OBR', 'RXO', 'RXE', 'RQD', 'ODS']);

/** Where the detail names what is ordered: OBR-4 service, RXO-1 and RXE-2 medication, RQD-3 item, ODS-3 diet. */
const codeField = ({ name }: Segment): number => ({ OBR: 4, RXO: 1, RXE: 2, RQD: 3, ODS: 3 })[name] ?? 1;

function groupsOf(segments: readonly Segment[]): OrderGroup[] {
  const groups: { orc: Segment; detail: Segment | undefined; timing: Segment | undefined }[] = [];
  for (const segment of segments) {
    const group = groups.at(-1);
    if (segment.name === 'ORC') groups.push({ orc: segment, detail: undefined, timing: undefined });
    else if (group && segment.name === 'TQ1') group.timing ??= segment;
    else if (group && DETAILS.has(segment.name)) group.detail ??= segment;
  }
  return groups;
}
