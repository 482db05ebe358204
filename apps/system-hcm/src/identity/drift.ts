import { DEFAULT_PAGE_SIZE, pagePosition, Problem, type IdentityDrift, type Page } from '@concord/canonical';
import type { HcmConnector } from '../connector.js';
import type { ScimClient } from './scim.client.js';
import { differences, ENTERPRISE, toScimUser } from './scim.mapping.js';
import type { IdentityDriftQuery } from './identity.dto.js';

/** First every worker is looked for at the provider, then every active user among the workers. */
type Position = { readonly workers?: string } | { readonly users: number };

const isPosition = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  ('workers' in value || Number.isSafeInteger((value as { users?: unknown }).users));

/**
 * Where provider and workforce differ, a page of what was compared at a time: a page may be empty and yet have a next
 * one. It reports; what it finds is brought there again by `identity-accounts/{workerId}/sync`.
 */
export async function driftOf(
  hcm: HcmConnector,
  scim: ScimClient,
  { page_size = DEFAULT_PAGE_SIZE, page_token }: IdentityDriftQuery,
): Promise<Page<IdentityDrift>> {
  const position = pagePosition<Position>(page_token, isPosition) ?? {};
  return 'users' in position ? orphans(hcm, scim, position.users, page_size) : missing(hcm, scim, position, page_size);
}

async function missing(
  { workers }: HcmConnector,
  scim: ScimClient,
  position: { readonly workers?: string },
  page_size: number,
): Promise<Page<IdentityDrift>> {
  const page = await workers.list({ page_size, page_token: position.workers });
  const items: IdentityDrift[] = [];
  for (const worker of page.items) {
    const user = await scim.findByExternalId(worker.id);
    if (!user) {
      if (worker.status !== 'terminated') items.push({ kind: 'missing', workerId: worker.id, attributes: [] });
      continue;
    }
    const managed = worker.status !== 'terminated' && worker.managerId !== undefined;
    const manager = managed ? await scim.findByExternalId(worker.managerId!) : undefined;
    const attributes = differences(user, toScimUser(worker, manager?.id)).map(lastWord);
    if (attributes.length) items.push({ kind: 'differs', workerId: worker.id, userId: user.id, attributes });
  }
  return { items, nextPageToken: tokenOf(page.nextPageToken ? { workers: page.nextPageToken } : { users: 1 }) };
}

async function orphans(
  { workers }: HcmConnector,
  scim: ScimClient,
  startIndex: number,
  count: number,
): Promise<Page<IdentityDrift>> {
  const { users, total } = await scim.activeUsers(startIndex, count);
  const items: IdentityDrift[] = [];
  for (const { id, externalId } of users) {
    if (!externalId || !(await isWorker(workers, externalId)))
      items.push({ kind: 'orphan', userId: id, attributes: ['externalId'] });
  }
  const next = startIndex + users.length;
  return users.length && next <= total ? { items, nextPageToken: tokenOf({ users: next }) } : { items };
}

async function isWorker(workers: HcmConnector['workers'], id: string): Promise<boolean> {
  try {
    await workers.read(id);
    return true;
  } catch (error) {
    if (error instanceof Problem && error.slug === 'not-found') return false;
    throw error;
  }
}

const lastWord = (path: string): string => (path.startsWith(ENTERPRISE) ? path.slice(ENTERPRISE.length + 1) : path);

const tokenOf = (position: Position): string => Buffer.from(JSON.stringify(position)).toString('base64url');
