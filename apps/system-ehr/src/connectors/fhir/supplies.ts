import type {
  CodeableConcept,
  Device,
  Medication,
  MedicationRequest,
  Quantity,
  Reference,
  Resource,
} from '@medplum/fhirtypes';
import { CODE, SYSTEMS, type Coding, type SupplyUse } from '@concord/canonical';
import type { Lookup } from '@concord/fhir';
import { decimalOf } from '../quantity.js';
import { codingOf } from './coding.js';
import type { Uncoded } from './services.js';
import { listOf, textOf } from './wire.js';

type Supply = Uncoded<SupplyUse, 'item'>;

/** What a resource says was used up or implanted; undefined for one that uses nothing. */
export function supplyOf(resource: Resource, lookup: Lookup): Supply | undefined {
  const id = `${resource.resourceType}:${resource.id}`;
  switch (resource.resourceType) {
    case 'Immunization': {
      const item = codingOf(resource.vaccineCode);
      return { id, item, quantity: '1', unit: '{dose}', ...lotOf(resource.lotNumber) };
    }
    case 'DeviceUseStatement': {
      const product = productOf(undefined, resource.device, resource, lookup);
      return { id, ...product, quantity: '1', unit: 'each' };
    }
    case 'SupplyDelivery': {
      const { itemCodeableConcept, itemReference, quantity } = resource.suppliedItem ?? {};
      return { id, ...productOf(itemCodeableConcept, itemReference, resource, lookup), ...amountOf(quantity, 'each') };
    }
    case 'MedicationAdministration': {
      const { medicationCodeableConcept, medicationReference, dosage } = resource;
      const product = productOf(medicationCodeableConcept, medicationReference, resource, lookup);
      return { id, ...product, ...amountOf(dosage?.dose, '{dose}') };
    }
    default:
      return undefined;
  }
}

type Product = Pick<Supply, 'item' | 'lot'>;

/** A product named by a code, or by the Device or Medication that is referred to. */
function productOf(
  concept: CodeableConcept | undefined,
  reference: Reference | undefined,
  resource: Resource,
  lookup: Lookup,
): Product {
  const named = codingOf(concept);
  if (named) return { item: named };
  const product = referredTo(reference, resource, lookup);
  if (product?.resourceType === 'Device') return { item: deviceCode(product), ...lotOf(product.lotNumber) };
  if (product?.resourceType === 'Medication') return medicationOf(product);
  return { item: undefined };
}

/** The device identifier of the UDI, which GUDID knows it by; else what kind of device it is. */
function deviceCode({ udiCarrier, type }: Device): Coding | undefined {
  const codes = listOf(udiCarrier).flatMap(({ deviceIdentifier }) => textOf(deviceIdentifier) ?? []);
  const code = codes.find((one) => CODE.test(one));
  return code === undefined ? codingOf(type) : { system: SYSTEMS.udi, code };
}

const medicationOf = ({ code, batch }: Medication): Product => ({ item: codingOf(code), ...lotOf(batch?.lotNumber) });

/** The Device or Medication that a resource says was used, where it refers to one. */
export function productUsed(resource: Resource, lookup: Lookup): Device | Medication | undefined {
  const { device, medicationReference, suppliedItem } = resource as {
    device?: Reference;
    medicationReference?: Reference;
    suppliedItem?: { itemReference?: Reference };
  };
  const product = referredTo(device ?? medicationReference ?? suppliedItem?.itemReference, resource, lookup);
  return product?.resourceType === 'Device' || product?.resourceType === 'Medication' ? product : undefined;
}

/** The drug of a prescription: named by a code, or by the Medication that is referred to. */
export const medicationCode = (request: MedicationRequest, lookup: Lookup): Coding | undefined =>
  productOf(request.medicationCodeableConcept, request.medicationReference, request, lookup).item;

function referredTo({ reference }: Reference = {}, resource: Resource, lookup: Lookup): Resource | undefined {
  if (!reference?.startsWith('#')) return reference === undefined ? undefined : lookup(reference);
  const { contained } = resource as { contained?: Resource[] };
  return listOf(contained).find(({ id }) => id === reference.slice(1));
}

function amountOf(quantity: Quantity | undefined, unit: string): Pick<Supply, 'quantity' | 'unit'> {
  return { quantity: decimalOf(quantity?.value ?? 1), unit: (quantity?.code ?? quantity?.unit ?? unit).slice(0, 40) };
}

const lotOf = (lot: string | undefined): { lot?: string } => {
  const text = textOf(lot);
  return text === undefined ? {} : { lot: text.slice(0, 40) };
};
