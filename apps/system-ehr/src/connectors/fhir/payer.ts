import type { Claim, Coverage, Reference, Resource } from '@medplum/fhirtypes';
import type { Lookup } from '@concord/fhir';
import { listOf, textOf } from './wire.js';

/**
 * Who pays, as the EHR names it: on a claim the coverage's display, else the coverage itself, else the insurer. Without
 * a claim a coverage that came with the encounter.
 */
export function payerOf(parts: readonly Resource[], others: readonly Resource[], lookup: Lookup): string | undefined {
  const claims = parts.filter((part): part is Claim => part.resourceType === 'Claim');
  const payers = [...claims.map((claim) => payerOfClaim(claim, lookup)), ...others.map(payerOfCoverage)];
  return payers.find((payer) => payer !== undefined)?.slice(0, LONGEST);
}

const LONGEST = 200;

function payerOfClaim({ status, insurance, insurer }: Claim, lookup: Lookup): string | undefined {
  if (status === 'entered-in-error' || status === 'cancelled') return undefined;
  const insurances = listOf(insurance);
  const coverage: Reference | undefined = (insurances.find(({ focal }) => focal) ?? insurances[0])?.coverage;
  const told = coverage?.reference === undefined ? undefined : lookup(coverage.reference);
  return textOf(coverage?.display) ?? payerOfCoverage(told) ?? textOf(insurer?.display);
}

/** Where the patient pays (FHIR R4 §13.1 `Coverage.payor`): the name of a person must not become that of a payer. */
const NO_INSURANCE = 'no_insurance';

function payerOfCoverage(resource: Resource | undefined): string | undefined {
  if (resource?.resourceType !== 'Coverage') return undefined;
  const { type, payor } = resource as Partial<Coverage>;
  const payors = listOf(payor);
  if (payors.some(({ reference }) => /\b(?:Patient|RelatedPerson)\//.test(textOf(reference) ?? '')))
    return NO_INSURANCE;
  const code = listOf(type?.coding)[0]?.code;
  return textOf(type?.text) ?? textOf(payors[0]?.display) ?? textOf(code);
}
