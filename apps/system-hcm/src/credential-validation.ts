import type { Credential, CredentialValidation, Worker } from '@concord/canonical';
import type { CredentialValidationQuery } from './queries.js';

type Fault = CredentialValidation['faults'][number];

/**
 * Whether somebody may work on a day, and may do what a privilege allows: employed on that day, with a license in force,
 * and with the privilege on a credential in force.
 */
export function validateCredentials(
  worker: Worker,
  credentials: readonly Credential[],
  { date, privilege }: CredentialValidationQuery,
): CredentialValidation {
  const inForce = credentials.filter((one) => one.status === 'active' && covers(one, date));
  const licenses = inForce.filter(({ kind }) => kind === 'license');
  const privileged = inForce.filter(({ privileges }) => privilege !== undefined && privileges.includes(privilege));
  const faults: Fault[] = [
    ...(isEmployed(worker, date) ? [] : (['worker-not-employed'] as const)),
    ...(licenses.length ? [] : [licenseFault(credentials, date)]),
    ...(privilege === undefined || privileged.length ? [] : (['privilege-not-held'] as const)),
  ];
  const base = { workerId: worker.id, date, privilege, valid: faults.length === 0, faults };
  if (faults.length) return { ...base, credentials: [] };
  const restsOn = [...new Set([...licenses, ...privileged])];
  return { ...base, credentials: restsOn.map(({ id }) => id), validUntil: lastDayOf(worker, licenses, privileged) };
}

const covers = ({ issuedOn, expiresOn }: Credential, date: string): boolean =>
  issuedOn <= date && (expiresOn === undefined || date <= expiresOn);

const isEmployed = ({ status, startsOn, lastDay }: Worker, date: string): boolean =>
  (status === 'active' || (status === 'terminated' && lastDay !== undefined)) &&
  startsOn <= date &&
  (lastDay === undefined || date <= lastDay);

function licenseFault(credentials: readonly Credential[], date: string): Fault {
  const licenses = credentials.filter(({ kind }) => kind === 'license');
  if (!licenses.length) return 'license-missing';
  return licenses.some((one) => one.status !== 'active' && covers(one, date))
    ? 'license-suspended'
    : 'license-not-in-force';
}

/** The last day on which all of it still holds; of credentials that stand for the same, the one that lasts longest. */
function lastDayOf({ lastDay }: Worker, ...groups: readonly (readonly Credential[])[]): string | undefined {
  const days = groups
    .filter((group) => group.length > 0 && group.every(({ expiresOn }) => expiresOn !== undefined))
    .map((group) =>
      group
        .map(({ expiresOn }) => expiresOn!)
        .sort()
        .at(-1)!,
    );
  return [...days, ...(lastDay === undefined ? [] : [lastDay])].sort()[0];
}
