// The client class of one API: a method per operation that describes the call and leaves the sending to whoever awaits.
import { jsDoc } from './js-doc.mjs';
import { operationsOf } from './operations.mjs';
import { objectLiteral } from './type-of.mjs';

/** `supply-chain` → `SupplyChain`. */
export const pascal = (name) => name.replaceAll(/(?:^|-)(\w)/g, (_, letter) => letter.toUpperCase());

/** `supply-chain` → `supplyChain`. */
export const camel = (name) => name.replaceAll(/-(\w)/g, (_, letter) => letter.toUpperCase());

/**
 * @param {{ layer: string, name: string, version: number }} api
 * @param {string} header first line of the file
 * @returns {{ source: string, mentions: Set<string> }} TypeScript, and the named schemas that its types file must hold
 */
export function clientOf(api, document, header) {
  const mentions = new Set();
  const operations = operationsOf(api, document, (name) => mentions.add(name));
  const methods = operations.map(methodOf).join('\n\n');
  const imported = operations.some(({ segments }) => segments.length > 0) ? 'Call, segment' : 'Call';
  const source = `${header}
import { ${imported}, type Transport } from '@concord/sdk-core';
${mentions.size > 0 ? `import type { ${[...mentions].sort().join(', ')} } from './${api.name}.types.js';` : ''}

const api = '${api.layer}/${api.name}';

${jsDoc(document.info.description ?? document.info.title)}export class ${pascal(api.name)}Api {
  constructor(private readonly transport: Transport) {}

${methods}
}
`;
  return { source, mentions };
}

function methodOf({ name, method, path, segments, conditional, body, query, answer, ...words }) {
  const parameters = [
    ...segments.map(({ argument, type }) => `${argument}: ${type}`),
    ...(conditional ? ['revision: string'] : []),
    ...(body ? [`body${body.optional ? '?' : ''}: ${body.type}`] : []),
    ...(query.length > 0 ? [`query${query.some(({ required }) => required) ? '' : '?'}: ${objectLiteral(query)}`] : []),
  ];
  const write = [
    'api',
    `operation: '${name}'`,
    `method: '${method}'`,
    `path: ${pathOf(path, segments)}`,
    ...(query.length > 0 ? ['query'] : []),
    ...(body ? ['body'] : []),
    ...(conditional ? ['revision'] : []),
  ].join(', ');
  const contentType = body && body.contentType !== 'application/json' ? `, '${body.contentType}'` : '';
  return `${jsDoc(words.summary, words.description, words.deprecated && '@deprecated')}${name}(${parameters.join(', ')}): Call<${answer}> {
    return new Call(this.transport, { ${write} }${contentType});
  }`;
}

function pathOf(template, segments) {
  if (segments.length === 0) return `'${template}'`;
  const filled = segments.reduce(
    (path, { name, argument }) => path.replace(`{${name}}`, () => `\${segment(${argument})}`),
    template,
  );
  return `\`${filled}\``;
}
