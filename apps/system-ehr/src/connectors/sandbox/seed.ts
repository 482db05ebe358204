/** A small synthetic health system: people whom nobody can mistake for real ones, places, and what is planned there. */
import type { Resource } from '@medplum/fhirtypes';
import type { Database } from '@concord/database';
import type { Vault } from '@concord/events';
import { mentionsOf } from '../fhir/references.js';
import { entryOfChange } from './entry.js';
import { patients, practitioners, roles } from './people.seed.js';
import { places } from './places.seed.js';
import { care } from './care.seed.js';
import { scheduling } from './scheduling.seed.js';
import { addUnknownEntries } from './writes.js';

/** What the sandbox knows before anybody has sent anything. What is known already stays as it is. */
export async function seed(database: Database, vault: Vault): Promise<void> {
  const resources: Resource[] = [...patients, ...practitioners, ...places, ...roles, ...scheduling, ...care];
  const entries = resources.flatMap((body) => {
    const key = `${body.resourceType}/${body.id}`;
    return entryOfChange(vault, { key, body, mentions: mentionsOf(body) }) ?? [];
  });
  await addUnknownEntries(database, entries);
}
