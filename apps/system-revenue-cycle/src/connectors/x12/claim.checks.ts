/** What is asked of a claim before it is raised: the rules of its payer, what other payers decided, and its guide. */
import { isNpi, Problem, type ProblemFault } from '@concord/canonical';
import { writeX12 } from '@concord/x12';
import type { Contracts } from '../../books/contracts.js';
import { coordinationFaults } from '../../books/coordination.js';
import type { Billed } from './billed.js';
import { claimSet, findingsOf, guideOf, ICD10 } from './claim.mapping.js';
import { groupHeaderOf, interchangeHeaderOf, type TradingPartner } from './partner.js';

/**
 * Refuses what a payer would refuse, before it is raised: SNIP levels 1 to 3 and the rules of the payer. Throws
 * `coding-incomplete` with every fault, in words for a biller and without any value that names a person.
 */
export function refuseUnsendable(billed: Billed, partner: TradingPartner, contracts: Contracts, at: Date): void {
  const uncoordinated = [...uncoveredFaults(billed), ...coordinationFaults(billed.claim)];
  // What does not balance is told once: by the names that it has in the claim, not by those in the 837.
  const ofGuide = guideFaults(billed, partner, contracts, at).filter(
    ({ code }) => !uncoordinated.length || code !== 'balance',
  );
  const faults = [...ruleFaults(billed, contracts, at), ...uncoordinated, ...ofGuide];
  if (!faults.length) return;
  const { encounterId: encounter, payer } = billed.claim;
  throw new Problem('coding-incomplete', faults[0]!.detail, {
    errors: faults.slice(0, 100),
    context: { encounter, payer },
  });
}

/** Who decided before insures the patient too; without that coverage the next payer is not told who he is. */
const uncoveredFaults = ({ claim: { otherDecisions = [] }, others }: Billed): ProblemFault[] =>
  otherDecisions.flatMap(({ payer }, i) =>
    others.some((other) => other.payer === payer)
      ? []
      : [
          fault(
            `/otherDecisions/${i}/payer`,
            'no-coverage',
            'Another payer decided, and no coverage with him is entered: enter it',
          ),
        ],
  );

function ruleFaults({ claim, coverage }: Billed, { rules, chargeItems }: Contracts, at: Date): ProblemFault[] {
  const rule = rules.get(claim.payer);
  const faults: ProblemFault[] = [];
  if (!claim.diagnoses?.some(({ system }) => system === ICD10)) {
    faults.push(fault('/diagnoses', 'no-diagnosis', 'The claim names no diagnosis in ICD-10-CM'));
  }
  const days = (at.getTime() - Date.parse(claim.serviceDate)) / 86_400_000;
  if (rule && days > rule.timelyFilingDays) {
    faults.push(
      fault('/serviceDate', 'timely-filing', `The payer takes claims for ${rule.timelyFilingDays} days only`),
    );
  }
  if (rule && claim.lines.length > rule.mostLines) {
    faults.push(fault('/lines', 'too-many-lines', `The payer takes at most ${rule.mostLines} lines a claim`));
  }
  const provider = claim.provider?.npi;
  if (provider !== undefined && !isNpi(provider)) {
    faults.push(fault('/provider/npi', 'npi', 'The identifier of the provider has a wrong check digit'));
  }
  for (const [i, { chargeCode }] of claim.lines.entries()) {
    const item = chargeItems.get(chargeCode);
    if (rule?.authorizationNeeded.includes(chargeCode) && !coverage.authorizationNumber) {
      const detail = `Line ${i + 1} (${chargeCode}) needs an authorization: enter its number with the coverage`;
      faults.push(fault(`/lines/${i}/chargeCode`, 'no-authorization', detail));
    }
    if (claim.kind === 'professional' && !item?.hcpcs) {
      const detail = `Line ${i + 1} (${chargeCode}) has no HCPCS code, which a professional claim needs`;
      faults.push(fault(`/lines/${i}/chargeCode`, 'no-procedure', detail));
    }
    if (claim.kind !== 'professional' && !item?.revenueCode) {
      const detail = `Line ${i + 1} (${chargeCode}) has no revenue code, which an institutional claim needs`;
      faults.push(fault(`/lines/${i}/chargeCode`, 'no-revenue-code', detail));
    }
  }
  return faults;
}

function guideFaults(billed: Billed, partner: TradingPartner, contracts: Contracts, at: Date): ProblemFault[] {
  const found = findingsOf(billed, partner, contracts, at);
  if (found.length) return found.map(({ pointer, code, message }) => fault(pointer, code, message));
  try {
    const set = claimSet(billed, partner, contracts, '0001', 'CHECK', at);
    const group = { header: groupHeaderOf(partner, guideOf(billed.claim), 1, at), sets: [set] };
    const interchange = { header: interchangeHeaderOf(partner, 1, at), groups: [group] };
    writeX12([interchange], { delimiters: partner.delimiters });
    return [];
  } catch (error) {
    if (error instanceof Problem && error.errors) return [...error.errors];
    throw error;
  }
}

const fault = (pointer: string, code: string, detail: string): ProblemFault => ({ pointer, code, detail });
