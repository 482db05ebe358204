/**
 * 277CA health care claim acknowledgment (005010X214): which claims of an 837 a clearinghouse or a payer took, and which it
 * turned away and why (STC). From the source (20) by receiver (21) and provider (19) down to the claim (PT).
 */
import { an, date, decimal, id, oneOf } from '../guide/element.js';
import { composite, required, situational } from '../guide/field.js';
import { guide, loop, many, maybe, one, type PartOf, segment, type ShapeOf, some, use } from '../guide/guide.js';
import { AMT, BHT, DTP, NM1, QTY, REF } from './segments.js';

const TRN = segment('TRN', 'trace', {
  type: required(1, oneOf('1', '2')), // TRN01 1 of this message, 2 of what it answers
  number: required(2, an(1, 50)), // TRN02
});

const STATUS = composite({
  category: required(1, an(1, 30)), // STC01-1 A1 received, A2 accepted, A3 rejected, A6 missing information, A7 invalid, A8 contradictory
  status: required(2, an(1, 30)), // STC01-2
  entity: situational(3, id(2, 3)), // STC01-3 whom it is about
  list: situational(4, id(1, 3)), // STC01-4
});

const STC = segment('STC', 'status', {
  status: required(1, STATUS), // STC01
  date: required(2, date), // STC02
  action: situational(3, oneOf('WQ', 'U')), // STC03 WQ accepted, U rejected
  amount: situational(4, decimal()), // STC04
  status2: situational(10, STATUS), // STC10
  status3: situational(11, STATUS), // STC11
  text: situational(12, an(1, 264)), // STC12
});

const SVC = segment('SVC', 'service', {
  procedure: required(
    1,
    composite({
      qualifier: required(1, id(2, 2)),
      code: required(2, an(1, 48)),
      modifier1: situational(3, an(2, 2)),
      modifier2: situational(4, an(2, 2)),
      modifier3: situational(5, an(2, 2)),
      modifier4: situational(6, an(2, 2)),
    }),
  ), // SVC01
  charge: required(2, decimal()), // SVC02
  revenueCode: situational(4, an(1, 48)), // SVC04
  units: situational(7, decimal(15)), // SVC07
});

const line = loop('2220', 'service line', {
  service: one(SVC),
  statuses: some(STC),
  references: many(REF, 3),
  dates: many(DTP, 1),
});

const patient = loop(
  '2000D',
  'claim',
  {
    patient: one(loop('2100D', 'patient', { name: one(use(NM1, 'patient', 'entity', 'QC')) })),
    claim: one(
      loop('2200D', 'claim status', {
        trace: one(use(TRN, 'claim number', 'type', '2')), // TRN02 is CLM01
        statuses: some(STC),
        references: many(REF, 6),
        dates: many(DTP, 1),
        lines: many(line, 999),
      }),
    ),
  },
  { level: 'PT', called: ({ claim }) => `Claim ${claim?.trace.number ?? ''}` },
);

const summary = { quantities: many(QTY, 2), amounts: many(AMT, 2) };

const provider = loop(
  '2000C',
  'billing provider',
  {
    provider: one(loop('2100C', 'billing provider', { name: one(use(NM1, 'billing provider', 'entity', '85')) })),
    status: maybe(
      loop('2200C', 'provider status', {
        trace: one(TRN),
        statuses: many(STC),
        references: many(REF, 3),
        ...summary,
      }),
    ),
    claims: many(patient),
  },
  { level: '19' },
);

const receiver = loop(
  '2000B',
  'information receiver',
  {
    receiver: one(
      loop('2100B', 'information receiver', { name: one(use(NM1, 'information receiver', 'entity', '41')) }),
    ),
    status: one(
      loop('2200B', 'receiver status', {
        trace: one(use(TRN, 'batch number', 'type', '2')), // TRN02 is BHT03 of the 837
        statuses: some(STC),
        ...summary,
      }),
    ),
    providers: many(provider),
  },
  { level: '21' },
);

const source = loop(
  '2000A',
  'information source',
  {
    source: one(loop('2100A', 'information source', { name: one(NM1) })), // NM101 PR payer, AY clearinghouse
    trace: one(
      loop('2200A', 'transmission', { trace: one(use(TRN, 'transmission', 'type', '1')), dates: some(DTP, 2) }),
    ), // DTP 050 received, 009 processed
    receivers: some(receiver),
  },
  { level: '20' },
);

export const CLAIM_ACKNOWLEDGMENT = guide(
  { id: '277', version: '005010X214', functionalId: 'HN', title: 'claim acknowledgment' },
  { beginning: one(BHT), sources: some(source) },
);

export type ClaimAcknowledgment = ShapeOf<typeof CLAIM_ACKNOWLEDGMENT>;
export type AcknowledgedClaim = PartOf<typeof patient>;
