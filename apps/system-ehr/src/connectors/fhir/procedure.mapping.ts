/** FHIR R4 Procedure (§9.3) → canonical. */
import type * as Fhir from '@medplum/fhirtypes';
import { EVENT_STATUS, type Procedure } from '@concord/canonical';
import { codingOf } from './coding.js';
import type { Content } from '../record.js';
import type { Context } from './context.js';
import { momentOf } from './moment.js';
import { idOf, idsOf } from './reference-id.js';
import { listOf } from './wire.js';

export function procedureFromFhir(id: string, from: Fhir.Procedure, { encounterId }: Context): Content<Procedure> {
  return {
    id,
    status: EVENT_STATUS.find((known) => known === from.status) ?? 'unknown',
    code: codingOf(from.code),
    encounterId: idOf(from.encounter, 'Encounter') ?? encounterId,
    patientId: idOf(from.subject, 'Patient'),
    startedAt: momentOf(from.performedPeriod?.start ?? from.performedDateTime),
    endedAt: momentOf(from.performedPeriod?.end),
    practitionerIds: idsOf(
      listOf(from.performer).map(({ actor }) => actor),
      'Practitioner',
      'PractitionerRole',
    ),
    locationId: idOf(from.location, 'Location'),
  };
}
