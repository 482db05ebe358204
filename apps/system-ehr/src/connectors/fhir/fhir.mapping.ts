/** FHIR R4 → canonical: an encounter out of the resources that tell of it. Pure; elements are R4's, results are ours. */
import type { Encounter, Resource } from '@medplum/fhirtypes';
import { targetOf, type Lookup } from '@concord/fhir';
import type { EncounterContent } from '../record.js';
import { cliniciansOf } from './clinicians.js';
import { diagnosesOf } from './diagnoses.js';
import { doneAt, momentOf } from './moment.js';
import { payerOf } from './payer.js';
import { serviceProviderOf } from './service-provider.js';
import { serviceOf, visitsOf, wasRendered } from './services.js';
import { supplyOf } from './supplies.js';
import { listOf } from './wire.js';

/** EncounterStatus (FHIR R4 §8.11). What has no known status starts nothing. */
const STATUS = new Map<string, EncounterContent['status']>([
  ['planned', 'planned'],
  ['arrived', 'in-progress'],
  ['triaged', 'in-progress'],
  ['in-progress', 'in-progress'],
  ['onleave', 'in-progress'],
  ['finished', 'finished'],
  ['cancelled', 'cancelled'],
  ['entered-in-error', 'cancelled'],
  ['unknown', 'planned'],
]);

/** ActEncounterCode (HL7 v3), the codes of `Encounter.class`. */
const CLASS = new Map<string | undefined, EncounterContent['class']>([
  ['AMB', 'ambulatory'],
  ['SS', 'ambulatory'], // short stay
  ['EMER', 'emergency'],
  ['IMP', 'inpatient'],
  ['ACUTE', 'inpatient'],
  ['NONAC', 'inpatient'],
  ['OBSENC', 'inpatient'], // observation
  ['HH', 'home'],
  ['VR', 'virtual'],
]);

/** Says that the coders are not done yet, whatever the status of the encounter. */
const CODING_STATUS = 'https://concord.example/fhir/coding-status';

/**
 * @param parts what belongs to the encounter, itself aside
 * @param mentioned what those and the encounter mention, by `Type/id`
 */
export function encounterFromFhir(
  id: string,
  encounter: Encounter,
  parts: readonly Resource[],
  mentioned: ReadonlyMap<string, Resource>,
): EncounterContent {
  const others = [...mentioned.values()];
  const lookup: Lookup = (reference) => {
    const target = targetOf(reference);
    return target && mentioned.get(`${target.resourceType}/${target.id}`);
  };
  const rendered = inOrder(parts.filter(wasRendered));
  const services = rendered.flatMap((part) => serviceOf(part) ?? []);
  const supplies = rendered.flatMap((part) => supplyOf(part, lookup) ?? []);
  const isCoded = services.every(({ code }) => code) && supplies.every(({ item }) => item);
  return {
    id,
    status: STATUS.get(encounter.status) ?? 'planned',
    class: CLASS.get(encounter.class.code) ?? 'other',
    serviceProvider: serviceProviderOf(encounter),
    startedAt: momentOf(encounter.period?.start),
    endedAt: momentOf(encounter.period?.end),
    codingStatus: isCoded && !isCodingInProgress(encounter, parts) ? 'complete' : 'in-progress',
    services: [...visitsOf(encounter), ...services.flatMap(({ code, ...rest }) => (code ? [{ ...rest, code }] : []))],
    supplies: supplies.flatMap(({ item, ...rest }) => (item ? [{ ...rest, item }] : [])),
    clinicians: cliniciansOf(encounter),
    diagnoses: diagnosesOf([...parts, ...others]),
    payer: payerOf(parts, others, lookup),
  };
}

function isCodingInProgress(encounter: Encounter, parts: readonly Resource[]): boolean {
  const said = listOf(encounter.extension).find(({ url }) => url === CODING_STATUS)?.valueCode;
  return (
    said === 'in-progress' || parts.some((part) => part.resourceType === 'ChargeItem' && part.status === 'planned')
  );
}

/** As it happened, so that the order of arrival does not change the encounter. */
function inOrder(resources: readonly Resource[]): Resource[] {
  const placed = resources.map((resource) => ({ resource, place: `${doneAt(resource)} ${resource.id}` }));
  return placed.sort((a, b) => (a.place < b.place ? -1 : 1)).map(({ resource }) => resource);
}
