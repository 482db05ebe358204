import { CODE, SYSTEMS, type Coding } from '@concord/canonical';
import type { Hl7Code } from '@concord/hl7v2';

/** Names of coding systems (HL7 table 0396, and the spellings seen instead) as the URIs that FHIR gives them. */
const SYSTEM_OF = new Map([
  ['C4', 'http://www.ama-assn.org/go/cpt'],
  ['CPT', 'http://www.ama-assn.org/go/cpt'],
  ['CPT4', 'http://www.ama-assn.org/go/cpt'],
  ['HCPCS', SYSTEMS.hcpcs],
  ['HPC', SYSTEMS.hcpcs],
  ['HCPT', SYSTEMS.hcpcs],
  ['SCT', SYSTEMS.snomed],
  ['SNM', SYSTEMS.snomed],
  ['SNOMED', SYSTEMS.snomed],
  ['CVX', SYSTEMS.cvx],
  ['LN', 'http://loinc.org'],
  ['NDC', 'http://hl7.org/fhir/sid/ndc'],
  ['RXNORM', 'http://www.nlm.nih.gov/research/umls/rxnorm'],
  ['I9', 'http://hl7.org/fhir/sid/icd-9-cm'],
  ['I9C', 'http://hl7.org/fhir/sid/icd-9-cm'],
  ['I10', 'http://hl7.org/fhir/sid/icd-10-cm'],
  ['I10C', 'http://hl7.org/fhir/sid/icd-10-cm'],
  ['I10P', 'http://www.cms.gov/Medicare/Coding/ICD10'],
]);

/** The system of a code whose sender left it out. */
export const UNSTATED_SYSTEM = 'urn:hl7v2:unstated';

/** A system that nobody has published: the sender's own. */
const LOCAL = /^(?:L|99.*)?$/;

/**
 * A code as a canonical coding; undefined where the code itself cannot be carried.
 * @param local the system of codes that the sender made up itself
 */
export function codingOf({ code, text, system = '' }: Hl7Code, local: string): Coding | undefined {
  if (!CODE.test(code)) return undefined;
  const name = system.toUpperCase();
  const uri = SYSTEM_OF.get(name) ?? (LOCAL.test(name) ? local : `urn:hl7v2:${encodeURIComponent(name)}`.slice(0, 200));
  return { system: uri, code, ...(text !== undefined && { display: text.slice(0, 400) }) };
}
