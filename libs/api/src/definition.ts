import type { DynamicModule, Type } from '@nestjs/common';

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
  readonly module: Type | DynamicModule;
}

/** `system/erp`: the address below the host and the name in logs, audiences and configuration. */
export const apiId = (definition: Pick<ApiDefinition, 'layer' | 'name'>): string =>
  `${definition.layer}/${definition.name}`;

/** `/system/erp/v1`. */
export const basePath = (definition: Pick<ApiDefinition, 'layer' | 'name' | 'version'>): string =>
  `/${apiId(definition)}/v${definition.version}`;
