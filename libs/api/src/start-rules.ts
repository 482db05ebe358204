import type { Shape } from '@concord/canonical';
import type { ApiDefinition } from './definition.js';
import { endpointsOf, type DeclaredEndpoint } from './endpoints.js';
import { declares } from './field-filter.js';

type Rule = (endpoint: DeclaredEndpoint, definition: ApiDefinition) => string | undefined;

/** What keeps an API from starting, in words. */
const RULES: readonly Rule[] = [
  ({ options }) => (options?.scope ? undefined : 'has no scope; declare it with @Endpoint'),
  ({ options }, { name }) =>
    options?.scope.startsWith(`${name}/`) ? undefined : `asks for a scope of another API; its own begin with ${name}/`,
  ({ options, takes }, { dataClass }) => {
    const shapes = [...takes, ...(options?.answer ? [options.answer as Shape] : [])];
    const named = dataClass === 'finance' && shapes.some((shape) => declares(shape, 'phi'));
    return named ? 'takes or answers with PHI, which a finance API must not hold' : undefined;
  },
  // The answer of an effect is kept in its receipt, which is no place for PHI: it is read afterwards.
  ({ options }) =>
    options?.effect && options.answer && declares(options.answer as Shape, 'phi')
      ? 'has an effect and answers with PHI; answer with an id, and let PHI be read'
      : undefined,
  ({ options }, { dataClass }) =>
    dataClass === 'phi' && options?.stream && !options.answer
      ? 'streams from a PHI API without a declared answer, so nothing could be kept back'
      : undefined,
];

/** Throws where an endpoint of the API breaks a rule, or where two have the same name. */
export function checkStart(definition: ApiDefinition): void {
  const named = new Map<string, string>();
  for (const endpoint of endpointsOf(definition)) {
    const { where, operation } = endpoint;
    const broken = RULES.map((rule) => rule(endpoint, definition)).find((fault) => fault !== undefined);
    if (broken !== undefined) throw new Error(`${where} ${broken}`);
    const namesake = named.get(operation);
    if (namesake !== undefined)
      throw new Error(`${where} has the same name as ${namesake}; each operation needs its own`);
    named.set(operation, where);
  }
}
