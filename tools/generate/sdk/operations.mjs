// A contract as the list of calls it offers: what a client needs to know of each operation, and nothing of OpenAPI.
import { typeOf } from './type-of.mjs';

const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete'];

// Headers every call can carry through its send options; a contract that needs another one has no method for it.
const SENT_BY_CALL = ['idempotency-key', 'if-match', 'if-none-match', 'x-correlation-id', 'traceparent'];

// Names a method cannot give to an argument made of a path parameter.
const TAKEN = [
  'body',
  'query',
  'revision',
  'constructor',
  'arguments',
  'class',
  'default',
  'delete',
  'export',
  'import',
  'new',
];

/**
 * @param {{ layer: string, name: string, version: number }} api
 * @returns {{
 *   name: string, method: string, path: string, summary?: string, description?: string, deprecated: boolean,
 *   segments: { name: string, argument: string, type: string }[],
 *   conditional: boolean,
 *   body?: { type: string, optional: boolean, contentType: string },
 *   query: { name: string, type: string, required: boolean, description?: string }[],
 *   answer: string,
 * }[]} sorted by name; paths are below the base of the API; event streams are left out, because a call has one answer
 */
export function operationsOf(api, document, use) {
  const base = `/${api.layer}/${api.name}/v${api.version}`;
  const operations = [];
  for (const [template, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation === undefined || isStream(operation)) continue;
      if (!operation.operationId) throw new Error(`${method} ${template} has no operationId`);
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((one) =>
        resolved(document, one),
      );
      operations.push({
        name: operation.operationId,
        method: method.toUpperCase(),
        path: template.startsWith(`${base}/`) ? template.slice(base.length) : template,
        summary: operation.summary,
        description: operation.description,
        deprecated: operation.deprecated === true,
        segments: segmentsOf(template, parameters, use),
        conditional: parameters.some(({ in: place, name }) => place === 'header' && name.toLowerCase() === 'if-match'),
        body: bodyOf(resolved(document, operation.requestBody), use),
        query: queryOf(operation.operationId, parameters, use),
        answer: answerOf(document, operation, use),
      });
    }
  }
  return operations.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function resolved(document, part) {
  if (part?.$ref === undefined) return part;
  return part.$ref
    .slice(2)
    .split('/')
    .reduce((node, key) => node[key], document);
}

const isStream = (operation) =>
  Object.entries(operation.responses).some(
    ([status, { content = {} }]) => status.startsWith('2') && Object.keys(content).join() === 'text/event-stream',
  );

function segmentsOf(template, parameters, use) {
  return [...template.matchAll(/\{([^}]+)\}/g)].map(([, name]) => {
    const parameter = parameters.find((one) => one.in === 'path' && one.name === name);
    if (parameter === undefined) throw new Error(`${template} does not declare {${name}}`);
    const argument = name.replaceAll(/[-_.]+(\w)/g, (_, letter) => letter.toUpperCase());
    if (TAKEN.includes(argument)) throw new Error(`${template}: {${name}} cannot be the name of an argument`);
    return { name, argument, type: typeOf(parameter.schema, use) };
  });
}

function queryOf(operationId, parameters, use) {
  const foreign = parameters.find(
    ({ in: place, name, required }) =>
      place === 'cookie' || (place === 'header' && required && !SENT_BY_CALL.includes(name.toLowerCase())),
  );
  if (foreign) throw new Error(`${operationId} needs the ${foreign.in} ${foreign.name}, which a call cannot carry`);
  return parameters
    .filter((one) => one.in === 'query')
    .map(({ name, schema, required = false, description }) => ({
      name,
      type: typeOf(schema, use),
      required,
      description,
    }));
}

const isJson = (contentType) => /[/+]json($|;)/.test(contentType);

function bodyOf(requestBody, use) {
  if (requestBody === undefined) return undefined;
  const contentTypes = Object.keys(requestBody.content);
  const contentType = ['application/json', ...contentTypes].find((one) => contentTypes.includes(one));
  const type = isJson(contentType) ? typeOf(requestBody.content[contentType].schema, use) : 'string';
  return { type, optional: requestBody.required === false, contentType };
}

/** The type of a successful answer; `void` where none has a body. */
function answerOf(document, operation, use) {
  const bodies = Object.entries(operation.responses)
    .filter(([status]) => status.startsWith('2'))
    .map(([, response]) => resolved(document, response).content)
    .map((content) => {
      const [contentType, media] = Object.entries(content ?? {})[0] ?? [];
      if (contentType === undefined) return 'void';
      return isJson(contentType) ? typeOf(media.schema, use) : 'string';
    });
  return [...new Set(bodies)].join(' | ') || 'void';
}
