import type { DynamicModule, Type } from '@nestjs/common';
import { MODULE_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { ENDPOINT } from '@concord/policy';
import { apiId, type ApiDefinition } from './definition.js';
import type { EndpointOptions } from './endpoint.js';

export interface DeclaredEndpoint {
  /** `system/erp: JournalEntriesController.createJournalEntry`. */
  readonly where: string;
  readonly operation: string;
  /** Absent where a route was declared without `@Endpoint`. */
  readonly options: EndpointOptions | undefined;
}

/** The endpoints of an API, read from its modules without starting it. */
export function endpointsOf(definition: ApiDefinition): DeclaredEndpoint[] {
  const controllers = controllersOf(definition.module);
  return controllers.flatMap((controller) => {
    const prototype = controller.prototype as Record<string, unknown>;
    return Object.getOwnPropertyNames(prototype).flatMap((operation) => {
      const handler = prototype[operation];
      if (operation === 'constructor' || typeof handler !== 'function') return [];
      if (!Reflect.hasMetadata(PATH_METADATA, handler)) return [];
      const options = Reflect.getMetadata(ENDPOINT, handler) as EndpointOptions | undefined;
      return [{ where: `${apiId(definition)}: ${controller.name}.${operation}`, operation, options }];
    });
  });
}

/** The scopes that an API knows, its endpoints' and those that open fields. */
export const scopesOf = (definition: ApiDefinition): string[] => {
  const asked = endpointsOf(definition).flatMap(({ options }) => options?.scope ?? []);
  return [...new Set([...asked, ...(definition.dataClass === 'phi' ? [phiScope(definition)] : [])])].sort();
};

/** The scope without which fields that identify a patient do not leave: `ehr/phi.identify`. */
export const phiScope = ({ name }: Pick<ApiDefinition, 'name'>): string => `${name}/phi.identify`;

/** The controllers of a module and of those it imports. */
export function controllersOf(module: Type | DynamicModule, seen = new Set<unknown>()): Type[] {
  if (seen.has(module)) return [];
  seen.add(module);
  const dynamic = typeof module === 'function' ? undefined : module;
  const type = typeof module === 'function' ? module : module.module;
  const metadata = <T>(key: string): T[] => (Reflect.getMetadata(key, type) as T[] | undefined) ?? [];
  const own = [...metadata<Type>(MODULE_METADATA.CONTROLLERS), ...(dynamic?.controllers ?? [])];
  const imports = [...metadata<Type>(MODULE_METADATA.IMPORTS), ...((dynamic?.imports ?? []) as Type[])];
  return [...own, ...imports.flatMap((one) => controllersOf(one, seen))];
}
