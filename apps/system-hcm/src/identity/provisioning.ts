import { Problem, type Worker } from '@concord/canonical';
import type { HcmConnector } from '../connector.js';
import type { Claimed } from './account.store.js';
import type { ScimClient } from './scim.client.js';
import { groupOf, toScimUser, type ScimUser } from './scim.mapping.js';

export interface Brought {
  readonly userId?: string;
  readonly active: boolean;
  readonly group?: string;
  /** A worker whom this one reports to, and who has no user yet. */
  readonly waitsFor?: string;
}

/**
 * Makes the identity provider hold of a worker what the workforce says, whatever it holds now: done twice, or half and
 * then again, it comes to the same. Who left is deactivated, never deleted; who comes back is activated.
 */
export async function bring(scim: ScimClient, { workers }: HcmConnector, claimed: Claimed): Promise<Brought> {
  const worker = await workers.read(claimed.workerId);
  const managerId = worker.status === 'terminated' ? undefined : worker.managerId;
  const manager = managerId === undefined ? undefined : await scim.findByExternalId(managerId);
  const known = await userOf(scim, claimed);
  // Of somebody who left before he had a user, there is nothing to end.
  if (!known && worker.status === 'terminated') return { active: false };
  const should = toScimUser(worker, worker.status === 'terminated' ? undefined : manager?.id);
  const user = known ? await changed(scim, known, should) : await created(scim, should, worker);
  const group = await grouped(scim, user.id!, worker, claimed.group);
  const waitsFor = managerId !== undefined && !manager ? managerId : undefined;
  return { userId: user.id!, active: should.active ?? false, group, waitsFor };
}

/** By the identifier that we remember, else by the one that we gave: a create whose reply was lost is found so. */
async function userOf(scim: ScimClient, { userId, workerId }: Claimed): Promise<ScimUser | undefined> {
  const remembered = userId === undefined ? undefined : await scim.read(userId);
  return remembered?.externalId === workerId ? remembered : scim.findByExternalId(workerId);
}

async function created(scim: ScimClient, should: ScimUser, worker: Worker): Promise<ScimUser> {
  try {
    return await scim.create(should);
  } catch (error) {
    if (!(error instanceof Problem) || error.slug !== 'conflict') throw error;
    // Either somebody made this very user meanwhile, or a stranger has the name: that is for a person to settle.
    const meanwhile = await scim.findByExternalId(worker.id);
    if (!meanwhile) throw error;
    return changed(scim, meanwhile, should);
  }
}

/** A change that met another one looks again, once. */
async function changed(scim: ScimClient, is: ScimUser, should: ScimUser): Promise<ScimUser> {
  try {
    return await scim.change(is, should);
  } catch (error) {
    if (!(error instanceof Problem) || error.slug !== 'stale') throw error;
    const now = await scim.read(is.id!);
    if (!now) throw error;
    return scim.change(now, should);
  }
}

async function grouped(
  scim: ScimClient,
  userId: string,
  worker: Worker,
  before: string | undefined,
): Promise<string | undefined> {
  if (!(await scim.provider()).groups) return undefined;
  const group = worker.status === 'terminated' ? undefined : groupOf(worker);
  if (before !== undefined && before !== group) await scim.leave(userId, before);
  if (group !== undefined && before !== group) await scim.join(userId, group);
  return group;
}
