/** A worker as a SCIM user (RFC 7643, 4.1 and 4.3), and what two of them differ in. */
import type { Worker } from '@concord/canonical';

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** The attributes that we keep; whatever else the provider has is its own. */
export interface ScimUser {
  readonly id?: string;
  readonly meta?: { readonly version?: string };
  readonly externalId?: string;
  readonly userName?: string;
  readonly displayName?: string;
  readonly name?: { readonly formatted?: string };
  readonly title?: string;
  readonly active?: boolean;
  readonly emails?: readonly { readonly value?: string; readonly type?: string; readonly primary?: boolean }[];
  readonly [ENTERPRISE]?: Enterprise;
}

interface Enterprise {
  readonly employeeNumber?: string;
  readonly costCenter?: string;
  readonly organization?: string;
  readonly department?: string;
  readonly manager?: { readonly value?: string };
}

/** @param managerUserId the user of the worker whom he reports to, where there is one */
export function toScimUser(worker: Worker, managerUserId: string | undefined): ScimUser {
  return {
    externalId: worker.id, // the client's own identifier: by it a user is found again (RFC 7643, 3.1)
    userName: worker.email ?? worker.id,
    displayName: worker.name,
    name: { formatted: worker.name },
    title: worker.jobTitle,
    active: mayLogIn(worker),
    emails: worker.email ? [{ value: worker.email, type: 'work', primary: true }] : undefined,
    [ENTERPRISE]: {
      employeeNumber: worker.id,
      costCenter: worker.costCenter,
      organization: worker.legalEntity,
      department: worker.orgUnit,
      manager: managerUserId === undefined ? undefined : { value: managerUserId },
    },
  };
}

/** Nobody before his first day, and nobody who has left. */
const mayLogIn = ({ status }: Worker): boolean => status === 'active' || status === 'on-leave';

/** The group of a role; the prefix keeps it apart from groups that others made. */
export const groupOf = ({ role }: Worker): string => `concord-role-${role}`;

interface Operation {
  readonly op: 'replace' | 'remove';
  readonly path?: string;
  readonly value?: object;
}

type Attribute = readonly [path: string, of: (user: ScimUser) => unknown];

const enterprise = (name: keyof Enterprise): Attribute => [
  `${ENTERPRISE}:${name}`,
  (user) => (name === 'manager' ? user[ENTERPRISE]?.manager?.value : user[ENTERPRISE]?.[name]),
];

const ATTRIBUTES: readonly Attribute[] = [
  ['externalId', ({ externalId }) => externalId],
  ['userName', ({ userName }) => userName],
  ['displayName', ({ displayName }) => displayName],
  ['name', ({ name }) => name?.formatted],
  ['title', ({ title }) => title],
  ['active', ({ active }) => active],
  ['emails', ({ emails }) => emails?.find(({ type }) => type === 'work')?.value],
  enterprise('employeeNumber'),
  enterprise('costCenter'),
  enterprise('organization'),
  enterprise('department'),
  enterprise('manager'),
];

/** The paths of the attributes in which a user is not as he should be. */
export const differences = (is: ScimUser, should: ScimUser): string[] =>
  ATTRIBUTES.filter(([, of]) => of(is) !== of(should)).map(([path]) => path);

/** The least that makes one the other (RFC 7644, 3.5.2): one replacement of what differs, and what is to go. */
export function patchOf(is: ScimUser, should: ScimUser): Operation[] {
  const paths = differences(is, should);
  const gone = paths.filter((path) => valueAt(should, path) === undefined);
  const values = paths.filter((path) => !gone.includes(path));
  const replacement: Record<string, unknown> = {};
  for (const path of values) {
    const [, member] = path.startsWith(`${ENTERPRISE}:`) ? path.split(`${ENTERPRISE}:`) : [];
    if (member === undefined) replacement[path] = valueAt(should, path);
    else replacement[ENTERPRISE] = { ...(replacement[ENTERPRISE] as object), [member]: valueAt(should, path) };
  }
  return [
    ...(values.length ? [{ op: 'replace' as const, value: replacement }] : []),
    ...gone.map((path) => ({ op: 'remove' as const, path })),
  ];
}

function valueAt(user: ScimUser, path: string): unknown {
  const member = path.startsWith(`${ENTERPRISE}:`) ? path.slice(ENTERPRISE.length + 1) : undefined;
  return member === undefined ? user[path as keyof ScimUser] : user[ENTERPRISE]?.[member as keyof Enterprise];
}
