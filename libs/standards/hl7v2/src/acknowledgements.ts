import type { AckCode, Outcome } from './acknowledge.js';
import type { AcknowledgementWish, Hl7Header } from './header.js';

const COMMIT: Readonly<Record<Outcome, AckCode>> = { AA: 'CA', AE: 'CE', AR: 'CR' };

/**
 * The acknowledgements that a sender asked for, in their order (HL7 2.5.1 §2.9.2 and §2.9.3): one of what became of the message
 * in original mode; in enhanced mode, which filling MSH-15 or MSH-16 asks for, the commit acknowledgement, the application's,
 * both, or none.
 */
export function acknowledgementsOf(header: Hl7Header, outcome: Outcome): AckCode[] {
  const { acceptAcknowledgement: accept, applicationAcknowledgement: application } = header;
  if (accept === undefined && application === undefined) return [outcome];
  const isWanted = (wish: AcknowledgementWish | undefined): boolean =>
    wish === 'AL' || wish === (outcome === 'AA' ? 'SU' : 'ER');
  return [...(isWanted(accept) ? [COMMIT[outcome]] : []), ...(isWanted(application) ? [outcome] : [])];
}
