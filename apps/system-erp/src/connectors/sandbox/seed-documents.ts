import type { SandboxDocuments } from './sandbox-documents.js';
import { ERP_ITEMS, VALUATIONS } from './items.seed.js';
import {
  APPROVAL_LEVELS,
  assetsOf,
  budgetsOf,
  ordersOf,
  projectsOf,
  requisitionsOf,
  SUPPLIERS,
} from './purchasing.seed.js';

/** Adds the documents of the synthetic health system where they are missing; those that are there stay as they are. */
export async function seedDocuments(documents: SandboxDocuments, now: Date): Promise<void> {
  await documents.suppliers.seed(SUPPLIERS);
  await documents.items.seed(ERP_ITEMS);
  await documents.places.seed(VALUATIONS);
  await documents.levels.seed(APPROVAL_LEVELS);
  await documents.budgets.seed(budgetsOf(now));
  await documents.projects.seed(projectsOf(now));
  await documents.assets.seed(assetsOf(now));
  await documents.requisitions.seed(requisitionsOf(now));
  await documents.orders.seed(ordersOf(now));
}
