/**
 * FHIR R4 DeviceUseStatement (§9.17), SupplyDelivery (§12.17), MedicationAdministration (§11.2) and Immunization (§11.5) →
 * canonical: a use with what a recall looks for.
 */
import type * as Fhir from '@medplum/fhirtypes';
import type { DeviceIdentification, SupplyUseRecord } from '@concord/canonical';
import type { Content } from '../record.js';
import type { Context } from './context.js';
import { doneAt, momentOf } from './moment.js';
import { idOf } from './reference-id.js';
import { productUsed, supplyOf } from './supplies.js';
import { listOf, textOf } from './wire.js';

export type SupplyUseResource =
  Fhir.DeviceUseStatement | Fhir.SupplyDelivery | Fhir.MedicationAdministration | Fhir.Immunization;

const KIND: Readonly<Record<SupplyUseResource['resourceType'], SupplyUseRecord['kind']>> = {
  DeviceUseStatement: 'device',
  SupplyDelivery: 'supply',
  MedicationAdministration: 'medication',
  Immunization: 'immunization',
};

/** The words of all four for one thing. */
const STATUS = new Map<string | undefined, SupplyUseRecord['status']>([
  ['completed', 'used'],
  ['active', 'used'], // DeviceUseStatement: still in use
  ['in-progress', 'in-progress'],
  ['on-hold', 'in-progress'],
  ['stopped', 'used'], // given in part
  ['intended', 'planned'],
  ['not-done', 'not-used'],
  ['abandoned', 'not-used'],
  ['entered-in-error', 'entered-in-error'],
]);

export function supplyUseFromFhir(
  id: string,
  from: SupplyUseResource,
  context: Context,
): Content<SupplyUseRecord> | undefined {
  const supply = supplyOf(from, context.lookup);
  if (!supply) return undefined;
  const product = productUsed(from, context.lookup);
  const device = product?.resourceType === 'Device' ? product : undefined;
  const usedAt = doneAt(from);
  return {
    id,
    kind: KIND[from.resourceType],
    status: STATUS.get(from.status) ?? 'unknown',
    item: supply.item,
    udi: device && udiOf(device),
    quantity: supply.quantity,
    unit: supply.unit,
    lot: supply.lot,
    expiresOn: expiryOf(from, product),
    usedAt: usedAt === '' ? undefined : usedAt,
    encounterId: encounterOf(from) ?? context.encounterId,
    patientId: idOf('subject' in from ? from.subject : undefined, 'Patient') ?? idOf(patientOf(from), 'Patient'),
    procedureId: procedureOf(from),
  };
}

function udiOf({ udiCarrier, serialNumber }: Fhir.Device): DeviceIdentification | undefined {
  const carrier = listOf(udiCarrier)[0];
  const udi = {
    deviceIdentifier: textOf(carrier?.deviceIdentifier)?.slice(0, 200),
    carrier: textOf(carrier?.carrierHRF)?.slice(0, 400),
    serial: textOf(serialNumber)?.slice(0, 80),
  };
  return Object.values(udi).some((value) => value !== undefined) ? udi : undefined;
}

function expiryOf(from: SupplyUseResource, product: Fhir.Device | Fhir.Medication | undefined): string | undefined {
  const expiry =
    from.resourceType === 'Immunization'
      ? from.expirationDate
      : product?.resourceType === 'Device'
        ? product.expirationDate
        : product?.batch?.expirationDate;
  return momentOf(expiry)?.slice(0, DAY_LENGTH);
}

const DAY_LENGTH = 'YYYY-MM-DD'.length;

const patientOf = (from: SupplyUseResource) => ('patient' in from ? from.patient : undefined);

function encounterOf(from: SupplyUseResource): string | undefined {
  if (from.resourceType === 'Immunization') return idOf(from.encounter, 'Encounter');
  return from.resourceType === 'MedicationAdministration' ? idOf(from.context, 'Encounter') : undefined;
}

/** What it was used in. */
function procedureOf(from: SupplyUseResource): string | undefined {
  const parents: readonly Fhir.Reference[] | undefined =
    from.resourceType === 'DeviceUseStatement' ? from.derivedFrom : 'partOf' in from ? from.partOf : undefined;
  return listOf(parents).flatMap((parent) => idOf(parent, 'Procedure') ?? [])[0];
}
