import type { DynamicModule, Type } from '@nestjs/common';
import type { Priority } from '@concord/observability';
import type { Fallback } from '@concord/resilience';

export type Layer = 'system' | 'process' | 'experience';

/** One API of Concord: everything that is generated, started or called goes by this. */
export interface ApiDefinition {
  readonly layer: Layer;
  /** Unique over all layers; the first word of its scopes: `erp` in `erp/journal-entry.write`. */
  readonly name: string;
  /** The newest major, the only one that is implemented. */
  readonly version: number;
  readonly title: string;
  readonly description: string;
  /** Whether its answers may name a patient. A `finance` API with a PHI field does not start. */
  readonly dataClass: 'phi' | 'finance';
  /** The class of what is done for its callers; that of the caller where nothing is said. */
  readonly priority?: Priority;
  /** What callers do while a resource does not answer, by resource; `queue` for those that are not named. */
  readonly fallbacks?: Readonly<Record<string, Fallback>>;
  readonly module: Type | DynamicModule;
}

/** `system/erp`: the address below the host and the name in logs, audiences and configuration. */
export const apiId = (definition: Pick<ApiDefinition, 'layer' | 'name'>): string =>
  `${definition.layer}/${definition.name}`;

/** `/system/erp/v1`. */
export const basePath = (definition: Pick<ApiDefinition, 'layer' | 'name' | 'version'>): string =>
  `/${apiId(definition)}/v${definition.version}`;
