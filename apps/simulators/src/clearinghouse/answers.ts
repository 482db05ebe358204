/** What a clearinghouse says to an 837: a 999 for each group, a 277CA for each set that it understood, and later an 835. */
import {
  acknowledgmentOf,
  CLAIM_ACKNOWLEDGMENT,
  IMPLEMENTATION_ACKNOWLEDGMENT,
  INSTITUTIONAL_CLAIM,
  PROFESSIONAL_CLAIM,
  readSet,
  readX12,
  REMITTANCE,
  writeSet,
  writeX12,
  type GroupHeader,
  type InterchangeHeader,
  type SetData,
  type X12Group,
  type X12Set,
} from '@concord/x12';
import { outcomeOf } from './adjudication.js';
import { claimAcknowledgmentOf, remittanceOf } from './answer.mapping.js';
import { claimsOf, type BilledClaim } from './billed-claim.js';

export interface Answer {
  readonly kind: '999' | '277' | '835';
  /** The file, under a control number that the sender gives. */
  readonly write: (controlNumber: number, at: Date) => Buffer;
}

export interface Answers {
  readonly atOnce: readonly Answer[];
  readonly payments: readonly Answer[];
}

export function answersTo(file: Buffer): Answers {
  const atOnce: Answer[] = [];
  const payments: Answer[] = [];
  for (const { header, groups } of readX12(file).interchanges) {
    for (const group of groups) {
      if (group.header.functionalId !== 'HC') continue; // a 999 is not answered
      const read = group.sets.map((set) => readClaims(group, set));
      atOnce.push(understood(header, group, read));
      const claims = read.filter(({ findings }) => !findings.length).flatMap((each) => each.claims);
      if (claims.length) atOnce.push(takenIn(header, group.header, claims));
      const paying = claims.filter((claim) => outcomeOf(claim) !== 'turned-away' && claim.frequency === '1');
      for (const [payer, members] of Map.groupBy(paying, (claim) => claim.payer)) {
        payments.push(paid(header, group.header, payer, members));
      }
    }
  }
  return { atOnce, payments };
}

interface ReadClaims {
  readonly set: X12Set;
  readonly findings: ReturnType<typeof readSet>['findings'];
  readonly claims: readonly BilledClaim[];
}

function readClaims({ refused }: X12Group, set: X12Set): ReadClaims {
  const guide = set.version.startsWith('005010X222') ? PROFESSIONAL_CLAIM : INSTITUTIONAL_CLAIM;
  const { value, findings } = readSet(guide as typeof INSTITUTIONAL_CLAIM, set);
  const usable = !refused.has(set) && !findings.length;
  return { set, findings, claims: usable ? claimsOf(value) : [] };
}

function understood(header: InterchangeHeader, group: X12Group, read: readonly ReadClaims[]): Answer {
  const answered = read.map(({ set, findings }) => ({ set, findings, faults: group.refused.get(set) }));
  const value = acknowledgmentOf(group, answered);
  const write = (control: number, at: Date) =>
    enveloped(header, group.header, 'FA', control, at, writeSet(IMPLEMENTATION_ACKNOWLEDGMENT, '0001', value));
  return { kind: '999', write };
}

function takenIn(header: InterchangeHeader, group: GroupHeader, claims: readonly BilledClaim[]): Answer {
  const write = (control: number, at: Date) => {
    const value = claimAcknowledgmentOf(group, claims, control, at);
    return enveloped(header, group, 'HN', control, at, writeSet(CLAIM_ACKNOWLEDGMENT, '0001', value));
  };
  return { kind: '277', write };
}

function paid(header: InterchangeHeader, group: GroupHeader, payer: string, claims: readonly BilledClaim[]): Answer {
  const write = (control: number, at: Date) => {
    const value = remittanceOf(payer, claims, control, at);
    return enveloped(header, group, 'HP', control, at, writeSet(REMITTANCE, '0001', value));
  };
  return { kind: '835', write };
}

/** Back to whom it came from. */
function enveloped(
  to: InterchangeHeader,
  group: GroupHeader,
  functionalId: string,
  control: number,
  at: Date,
  set: SetData,
): Buffer {
  const date = at.toISOString().slice(0, 10).replaceAll('-', '');
  const time = at.toISOString().slice(11, 16).replace(':', '');
  const header: InterchangeHeader = {
    ...to,
    senderQualifier: to.receiverQualifier,
    sender: to.receiver,
    receiverQualifier: to.senderQualifier,
    receiver: to.sender,
    date: date.slice(2),
    time,
    controlNumber: String(control).padStart(9, '0'),
  };
  const own: GroupHeader = {
    functionalId,
    sender: group.receiver,
    receiver: group.sender,
    date,
    time,
    controlNumber: String(control),
    agency: 'X',
    version: set.version ?? group.version,
  };
  return writeX12([{ header, groups: [{ header: own, sets: [set] }] }]);
}
