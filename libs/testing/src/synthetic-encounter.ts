import { createHash } from 'node:crypto';

/** What a synthetic encounter is made of; the rest is sensible. */
export interface EncounterWishes {
  readonly facility?: string;
  readonly status?: string;
  /** SNOMED CT code of the visit. */
  readonly visit?: string;
  /** SNOMED CT codes of procedures. */
  readonly procedures?: readonly string[];
  /** CVX codes of immunizations. */
  readonly immunizations?: readonly string[];
  /** Supplies by item number, with quantity and unit. */
  readonly supplies?: readonly { readonly item: string; readonly quantity: number; readonly unit: string }[];
  /** ICD-10-CM codes, the principal one first. */
  readonly diagnoses?: readonly string[];
  readonly payer?: string;
  readonly start?: string;
  readonly minutes?: number;
  /** Who was in charge, told with the encounter; where nobody is, the record only knows that somebody was there. */
  readonly attending?: { readonly npi: string; readonly family: string; readonly given: string };
  readonly patient?: { readonly name: string; readonly birthDate: string; readonly recordNumber: string };
}

const SNOMED = 'http://snomed.info/sct';

/** An id that is a UUID and always the same for the same seed. */
export function seededId(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A FHIR R4 transaction bundle of one finished encounter with its patient, services, supplies and payer. */
export function encounterBundle(seed: string, wishes: EncounterWishes = {}) {
  const {
    facility = 'CLINIC-NORTH',
    status = 'finished',
    visit = '185349003',
    procedures = [],
    immunizations = ['140'],
    supplies = [],
    diagnoses = [],
    payer = 'private',
    start = new Date().toISOString(),
    minutes = 30,
    attending,
    patient = { name: 'Synthetica', birthDate: '1970-01-01', recordNumber: `MRN-${seed}` },
  } = wishes;
  const id = seededId(`encounter ${seed}`);
  const patientId = seededId(`patient ${patient.recordNumber}`);
  const practitionerId = seededId(`practitioner${attending ? ` ${attending.npi}` : ''}`);
  const subject = { reference: `Patient/${patientId}` };
  const encounter = { reference: `Encounter/${id}` };
  const period = { start, end: new Date(Date.parse(start) + minutes * 60_000).toISOString() };
  const coded = (system: string, code: string) => ({ coding: [{ system, code }] });
  const resources = [
    ...(attending
      ? [
          {
            resourceType: 'Practitioner',
            id: practitionerId,
            identifier: [{ system: 'http://hl7.org/fhir/sid/us-npi', value: attending.npi }],
            name: [{ use: 'official', family: attending.family, given: [attending.given] }],
          },
        ]
      : []),
    {
      resourceType: 'Patient',
      id: patientId,
      identifier: [{ type: coded('http://terminology.hl7.org/CodeSystem/v2-0203', 'MR'), value: patient.recordNumber }],
      name: [{ family: patient.name, given: ['Testa'] }],
      birthDate: patient.birthDate,
      gender: 'female',
    },
    {
      resourceType: 'Encounter',
      id,
      status,
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
      type: [coded(SNOMED, visit)],
      subject,
      participant: [
        {
          individual: { reference: `Practitioner/${practitionerId}` },
          ...(attending ? { type: [coded('http://terminology.hl7.org/CodeSystem/v3-ParticipationType', 'ATND')] } : {}),
          period,
        },
      ],
      period,
      serviceProvider: { identifier: { system: 'urn:concord:facility', value: facility } },
    },
    ...procedures.map((code, i) => ({
      resourceType: 'Procedure',
      id: seededId(`procedure ${seed} ${i}`),
      status: 'completed',
      code: coded(SNOMED, code),
      subject,
      encounter,
      performedPeriod: period,
    })),
    ...immunizations.map((code, i) => ({
      resourceType: 'Immunization',
      id: seededId(`immunization ${seed} ${i}`),
      status: 'completed',
      vaccineCode: coded('http://hl7.org/fhir/sid/cvx', code),
      patient: subject,
      encounter,
      occurrenceDateTime: start,
    })),
    ...diagnoses.map((code, i) => ({
      resourceType: 'Condition',
      id: seededId(`condition ${seed} ${i}`),
      code: coded('http://hl7.org/fhir/sid/icd-10-cm', code),
      subject,
      encounter,
    })),
    ...supplies.map(({ item, quantity, unit }, i) => ({
      resourceType: 'SupplyDelivery',
      id: seededId(`supply ${seed} ${i}`),
      status: 'completed',
      patient: subject,
      extension: [
        {
          url: 'http://hl7.org/fhir/5.0/StructureDefinition/extension-SupplyDelivery.encounter',
          valueReference: encounter,
        },
      ],
      suppliedItem: { quantity: { value: quantity, unit }, itemCodeableConcept: coded('urn:concord:item', item) },
    })),
    {
      resourceType: 'Claim',
      id: seededId(`claim ${seed}`),
      status: 'active',
      use: 'claim',
      type: coded('http://terminology.hl7.org/CodeSystem/claim-type', 'institutional'),
      priority: coded('http://terminology.hl7.org/CodeSystem/processpriority', 'normal'),
      patient: subject,
      created: start,
      provider: { display: facility },
      insurance: [{ sequence: 1, focal: true, coverage: { display: payer } }],
      item: [{ sequence: 1, productOrService: coded(SNOMED, visit), encounter: [encounter] }],
    },
  ];
  const entry = resources.map((resource) => ({
    fullUrl: `urn:uuid:${resource.id}`,
    resource,
    request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
  }));
  return { encounterId: id, bundle: { resourceType: 'Bundle', type: 'transaction', entry } };
}
