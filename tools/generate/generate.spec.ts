import { ordered } from './document.mjs';
import { environmentExample } from './environment.mjs';
import { workflowPages } from './workflows.mjs';

describe('a generated contract', () => {
  const operation = (operationId: string) => ({ operationId, responses: {} });
  const shape = { type: 'object', properties: { zip: { type: 'string' }, city: { type: 'string' } } };
  const paths = { '/b': { post: operation('createB'), get: operation('listB') }, '/a': { get: operation('listA') } };
  const document = { paths, info: { title: 'Erp' }, openapi: '3.1.0', components: { schemas: { Z: shape, A: shape } } };

  it('does not change when a class or a method moves', () => {
    const moved = {
      openapi: '3.1.0',
      components: { schemas: { A: shape, Z: shape } },
      info: { title: 'Erp' },
      paths: { '/a': paths['/a'], '/b': { get: paths['/b'].get, post: paths['/b'].post } },
    };
    expect(JSON.stringify(ordered(moved))).toBe(JSON.stringify(ordered(document)));
    expect(Object.keys(ordered(document))).toEqual(['openapi', 'info', 'paths', 'components']);
  });

  it('keeps the fields of a shape in the order they were declared in', () => {
    expect(Object.keys(ordered(document).components.schemas.A.properties)).toEqual(['zip', 'city']);
  });
});

describe('the example of the environment', () => {
  it('sets what has a default, and only names what has none or is secret', () => {
    const text = environmentExample([
      { name: 'PORT', description: 'Port of the gateway', default: '8080' },
      { name: 'DATABASE_URL', description: 'A Postgres of your own', secret: true, default: 'postgres://leaked' },
      { name: 'OIDC_ISSUER', description: 'An issuer of your own', default: '' },
    ]);
    expect(text.split('\n\n').slice(1)).toEqual([
      '# Port of the gateway\nPORT=8080',
      '# A Postgres of your own (secret)\n# DATABASE_URL=',
      '# An issuer of your own\n# OIDC_ISSUER=\n',
    ]);
  });
});

describe('the page of a workflow', () => {
  it('shows its drawing under its name and summary', () => {
    const workflow = { name: 'encounter-to-finance', summary: 'An encounter becomes a posting.' };
    const [[file, text]] = workflowPages([workflow], () => 'flowchart TD\n  a --> b\n');
    expect(file).toBe('docs/workflows/encounter-to-finance.md');
    expect(text).toContain('# encounter-to-finance\n\nAn encounter becomes a posting.\n\n```mermaid\nflowchart TD');
  });
});
