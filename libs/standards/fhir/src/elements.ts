import { type Check, code, dateTime, type Elements, list, number, object, required, string } from './check.js';

/**
 * The elements of each resource that the finance side reads, with the types FHIR R4 gives them. They are checked when a resource
 * comes in, so that every reader after that can trust them; elements that nobody reads are not looked at.
 */
const reference = object({ reference: string });
const coding = object({ system: string, code: string, display: string });
const concept = object({ coding: list(coding), text: string });
const period = object({ start: dateTime, end: dateTime });
const quantity = object({ value: number, unit: string, system: string, code: string });
const money = object({ value: number, currency: string });
const identifiers = list(object({ system: string, value: string }));
const extensions = list(object({ url: string, valueReference: reference }));

const ENCOUNTER_STATUS = [
  'planned',
  'arrived',
  'triaged',
  'in-progress',
  'onleave',
  'finished',
  'cancelled',
  'entered-in-error',
  'unknown',
];

const billedItem = object({
  encounter: list(reference),
  productOrService: concept,
  quantity,
  unitPrice: money,
  net: money,
  servicedDate: dateTime,
  servicedPeriod: period,
});

const ELEMENTS: Readonly<Record<string, Elements>> = {
  Encounter: {
    identifier: identifiers,
    status: required(code(...ENCOUNTER_STATUS)),
    class: required(object({ system: string, code: required(string) })),
    type: list(concept),
    subject: reference,
    participant: list(object({ type: list(concept), period, individual: reference })),
    period,
    diagnosis: list(object({ condition: reference, use: concept, rank: number })),
    location: list(object({ location: reference, period })),
    serviceProvider: reference,
  },
  Procedure: {
    status: required(string),
    code: concept,
    subject: reference,
    encounter: reference,
    performedDateTime: dateTime,
    performedPeriod: period,
    partOf: list(reference),
  },
  Immunization: {
    status: required(string),
    vaccineCode: required(concept),
    patient: reference,
    encounter: reference,
    occurrenceDateTime: dateTime,
    lotNumber: string,
    doseQuantity: quantity,
  },
  Condition: { clinicalStatus: concept, code: concept, subject: reference, encounter: reference },
  MedicationAdministration: {
    status: required(string),
    medicationCodeableConcept: concept,
    medicationReference: reference,
    subject: reference,
    context: reference,
    effectiveDateTime: dateTime,
    effectivePeriod: period,
    dosage: object({ dose: quantity }),
    partOf: list(reference),
  },
  DeviceUseStatement: {
    status: required(string),
    subject: reference,
    derivedFrom: list(reference),
    timingDateTime: dateTime,
    timingPeriod: period,
    device: required(reference),
  },
  SupplyDelivery: {
    status: string,
    patient: reference,
    partOf: list(reference),
    suppliedItem: object({ quantity, itemCodeableConcept: concept, itemReference: reference }),
    occurrenceDateTime: dateTime,
    occurrencePeriod: period,
  },
  ChargeItem: {
    status: required(string),
    code: required(concept),
    subject: reference,
    context: reference,
    occurrenceDateTime: dateTime,
    occurrencePeriod: period,
    quantity,
    priceOverride: money,
    costCenter: reference,
    partOf: list(reference),
  },
  Claim: {
    status: required(string),
    patient: reference,
    billablePeriod: period,
    created: dateTime,
    provider: reference,
    insurance: list(object({ coverage: reference })),
    item: list(billedItem),
    total: money,
  },
  ExplanationOfBenefit: { status: required(string), patient: reference, insurer: reference, item: list(billedItem) },
  Observation: { status: required(string), code: concept, subject: reference, encounter: reference },
  Device: {
    udiCarrier: list(object({ deviceIdentifier: string, carrierHRF: string })),
    lotNumber: string,
    type: concept,
  },
  Medication: { code: concept, batch: object({ lotNumber: string }) },
};

const OF_ANY_RESOURCE: Elements = {
  meta: object({ versionId: string, lastUpdated: dateTime, profile: list(string) }),
  extension: extensions,
};

const CHECKS = new Map<string, Check>(
  Object.entries(ELEMENTS).map(([type, elements]) => [type, object({ ...OF_ANY_RESOURCE, ...elements })]),
);

const anyResource = object(OF_ANY_RESOURCE);

/** The check of a resource type; of one that nobody reads closely, only what all resources have in common. */
export const checkOf = (resourceType: string): Check => CHECKS.get(resourceType) ?? anyResource;
