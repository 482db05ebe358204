/** FHIR R4 ChargeItem (§13.7) → canonical. */
import type * as Fhir from '@medplum/fhirtypes';
import { ENCOUNTER_CHARGE_STATUS, type EncounterCharge } from '@concord/canonical';
import { decimalOf } from '../quantity.js';
import { codingOf } from './coding.js';
import type { Content } from '../record.js';
import type { Context } from './context.js';
import { doneAt } from './moment.js';
import { idOf } from './reference-id.js';
import { identifierOf } from './service-provider.js';

export function chargeFromFhir(id: string, from: Fhir.ChargeItem, { encounterId }: Context): Content<EncounterCharge> {
  const renderedAt = doneAt(from);
  return {
    id,
    status: ENCOUNTER_CHARGE_STATUS.find((known) => known === from.status) ?? 'unknown',
    code: codingOf(from.code),
    quantity: decimalOf(from.quantity?.value ?? 1),
    encounterId: idOf(from.context, 'Encounter') ?? encounterId,
    patientId: idOf(from.subject, 'Patient'),
    renderedAt: renderedAt === '' ? undefined : renderedAt,
    organization: identifierOf(from.performingOrganization ?? from.requestingOrganization),
  };
}
