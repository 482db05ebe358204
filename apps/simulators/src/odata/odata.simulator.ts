import fs from 'node:fs';
import { listen } from '../http.js';
import type { Simulator, SimulatorOptions } from '../simulator.js';
import { seedDocuments } from './documents.seed.js';
import { erpRules } from './erp.rules.js';
import { seedErp } from './erp.seed.js';
import { odataService } from './odata.server.js';
import type { EntityStore } from './store.js';

/** Who may log in; a laptop's simulator has no secret that is one. */
export const ODATA_CLIENT = { id: 'concord', secret: 'simulated-erp' } as const;

const METADATA = new URL('./erp.metadata.xml', import.meta.url);

interface ODataSimulator extends Simulator {
  readonly forgetTokens: () => void;
  /** What the ERP holds, as its own people see and change it. */
  readonly store: EntityStore;
}

/** An ERP of an invented vendor that speaks OData v4; what it begins with, its seeds say. */
export async function startODataSimulator(
  { port, clock, faults }: SimulatorOptions,
  metadata = fs.readFileSync(METADATA, 'utf8'),
): Promise<ODataSimulator> {
  const now = () => clock.now();
  const { server, store, forgetTokens } = odataService({
    metadata,
    rules: erpRules,
    faults,
    now,
    client: ODATA_CLIENT,
  });
  const full = fs.readFileSync(METADATA, 'utf8') === metadata;
  if (full) {
    seedErp(store, now());
    seedDocuments(store, now());
  }
  const url = await listen(server, port);
  return { url, close: () => server.close(), forgetTokens, store };
}
