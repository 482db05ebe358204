import type { DynamicModule, Type } from '@nestjs/common';
import { MODULE_METADATA, PARAMTYPES_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { fieldsOf, type Shape } from '@concord/canonical';
import { ENDPOINT } from '@concord/policy';
import { apiId, type ApiDefinition } from './definition.js';
import type { EndpointOptions } from './endpoint.js';
import { declares } from './field-filter.js';

export interface DeclaredEndpoint {
  /** `system/erp: JournalEntriesController.createJournalEntry`. */
  readonly where: string;
  readonly operation: string;
  /** Absent where a route was declared without `@Endpoint`. */
  readonly options: EndpointOptions | undefined;
  /** The shapes of its body and query. */
  readonly takes: readonly Shape[];
}

/** The endpoints of an API, inherited ones too, read from its modules without starting it. */
export function endpointsOf(definition: ApiDefinition): DeclaredEndpoint[] {
  return controllersOf(definition.module).flatMap((controller) => {
    const prototype = controller.prototype as Record<string, unknown>;
    return methodsOf(prototype).flatMap((operation) => {
      const handler = prototype[operation];
      if (typeof handler !== 'function' || !Reflect.hasMetadata(PATH_METADATA, handler)) return [];
      const options = Reflect.getMetadata(ENDPOINT, handler) as EndpointOptions | undefined;
      const where = `${apiId(definition)}: ${controller.name}.${operation}`;
      return [{ where, operation, options, takes: shapesTaken(prototype, operation) }];
    });
  });
}

function methodsOf(prototype: object): string[] {
  const above = Object.getPrototypeOf(prototype) as object;
  const inherited = above === Object.prototype ? [] : methodsOf(above);
  const names = new Set([...inherited, ...Object.getOwnPropertyNames(prototype)]);
  names.delete('constructor');
  return [...names];
}

function shapesTaken(prototype: object, operation: string): Shape[] {
  const types = (Reflect.getMetadata(PARAMTYPES_METADATA, prototype, operation) as Shape[] | undefined) ?? [];
  return types.filter((type) => typeof type === 'function' && fieldsOf(type).length > 0);
}

/** The scopes that an API knows, its endpoints' and those that open fields. */
export const scopesOf = (definition: ApiDefinition): string[] => {
  const asked = endpointsOf(definition).flatMap(({ options }) => options?.scope ?? []);
  const opening = [
    ...(definition.dataClass === 'phi' ? [phiScope(definition)] : []),
    ...(holdsRestricted(definition) ? [restrictedScope(definition)] : []),
  ];
  return [...new Set([...asked, ...opening])].sort();
};

const holdsRestricted = (definition: ApiDefinition): boolean =>
  endpointsOf(definition).some(({ options }) => options?.answer && declares(options.answer as Shape, 'restricted'));

/** The scope without which fields that identify a patient do not leave: `ehr/phi.identify`. */
export const phiScope = ({ name }: Pick<ApiDefinition, 'name'>): string => `${name}/phi.identify`;

/** The scope without which an employee's private life and pay do not leave: `hcm/restricted.disclose`. */
export const restrictedScope = ({ name }: Pick<ApiDefinition, 'name'>): string => `${name}/restricted.disclose`;

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
