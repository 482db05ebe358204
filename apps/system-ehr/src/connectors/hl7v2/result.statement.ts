import type { Segment } from '@concord/hl7v2';
import type { Statement } from '../facts/statement.js';
import { keptSegments, patientIdOf, patientStatements } from './patient.statement.js';
import type { Source } from './source.js';
import { visitNumberOf } from './visit.statement.js';

/** An observation as it was told: nobody here interprets a value. */
interface ObservationFact {
  readonly id?: string;
  readonly text?: string;
  readonly system?: string;
  readonly valueType?: string;
  /** As it came, repetitions and components and all. */
  readonly segment: string;
}

/** ORU^R01: results by report, each report with its observations as they came. */
export function resultStatements(source: Source): Statement[] {
  const patientId = patientIdOf(source);
  const encounterId = source.id(visitNumberOf(source), 'PV1-19');
  const kept = keptSegments(source);
  const results = reportsOf(source.message.body).map(({ obr, observations }): Statement => {
    const [placer, filler] = [obr.text(2), obr.text(3)]; // OBR-2 placer, OBR-3 filler order number
    const code = source.coding(obr.field(4), source.place(obr, 4)); // OBR-4 service
    const { controlId } = source.message.header;
    const numbers = [
      filler ?? '',
      placer ?? '',
      code?.code ?? '',
      filler || placer ? '' : `${controlId} ${obr.occurrence}`,
    ];
    const facts = {
      patientId,
      encounterId,
      code,
      orderId: placer !== undefined ? source.id(placer, source.place(obr, 2)) : undefined,
      observedAt: source.instant(obr, 7), // OBR-7 observation time
      status: obr.text(25), // OBR-25 status of the report (HL7 table 0123)
      observations: observations.map(observationOf),
      ...kept,
    };
    return source.state('result', source.hiddenId('r', ...numbers), facts);
  });
  return [...results, ...patientStatements(source)];
}

const observationOf = (obx: Segment): ObservationFact => ({
  id: obx.text(3), // OBX-3.1 what was observed
  text: obx.text(3, 2),
  system: obx.text(3, 3),
  valueType: obx.text(2), // OBX-2 type of the value
  segment: keptWhole(obx), // OBX-5 value, OBX-6 units, OBX-7 range, OBX-8 flags, OBX-11 status, OBX-14 time
});

/** Everything in it is kept, so that nothing of it is lost. */
function keptWhole(segment: Segment): string {
  for (const field of segment.unread()) segment.field(field);
  return segment.toString();
}

function reportsOf(segments: readonly Segment[]): { obr: Segment; observations: Segment[] }[] {
  const reports: { obr: Segment; observations: Segment[] }[] = [];
  for (const segment of segments) {
    if (segment.name === 'OBR') reports.push({ obr: segment, observations: [] });
    else if (segment.name === 'OBX') reports.at(-1)?.observations.push(segment);
  }
  return reports;
}
