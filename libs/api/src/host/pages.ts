import type http from 'node:http';
import { PROBLEMS, Problem, type ProblemSlug } from '@concord/canonical';
import { metricsContentType, metricsText } from '@concord/observability';
import { basePath, type ApiDefinition } from '../definition.js';
import { answer, answerJson, answerProblem } from './answer.js';
import { docsPage, docsScript } from './docs-page.js';

type Page = (response: http.ServerResponse) => void;

/** What a host answers beside its APIs, by path: health, metrics, the catalogue (RFC 9727), documentation, problems. */
export function hostPages(definitions: readonly ApiDefinition[], isReady: () => boolean): ReadonlyMap<string, Page> {
  const catalogue = JSON.stringify(catalogueOf(definitions));
  return new Map<string, Page>([
    ['/', (response) => void response.writeHead(302, { location: '/docs' }).end()],
    ['/health/live', (response) => answerJson(response, 200, { status: 'live' })],
    [
      '/health/ready',
      (response) =>
        isReady() ? answerJson(response, 200, { status: 'ready' }) : answerJson(response, 503, { status: 'starting' }),
    ],
    ['/metrics', (response) => void metricsText().then((text) => answer(response, 200, metricsContentType, text))],
    ['/.well-known/api-catalog', (response) => answer(response, 200, 'application/linkset+json', catalogue)],
    ['/docs', (response) => answer(response, 200, 'text/html; charset=utf-8', docsPage(definitions))],
    ['/docs/reference.js', (response) => answer(response, 200, 'text/javascript; charset=utf-8', docsScript())],
    ...(Object.keys(PROBLEMS) as ProblemSlug[]).map((slug): [string, Page] => [
      `/problems/${slug}`,
      (response) => answerJson(response, 200, describedProblem(slug)),
    ]),
  ]);
}

/** Answers with the page of a path, to those who only read. */
export function servePage(page: Page | undefined, request: http.IncomingMessage, response: http.ServerResponse): void {
  if (!page) return answerProblem(request, response, new Problem('not-found'));
  if (request.method === 'GET' || request.method === 'HEAD') return page(response);
  response.setHeader('allow', 'GET, HEAD');
  answerProblem(request, response, new Problem('method-not-allowed'));
}

function describedProblem(slug: ProblemSlug): object {
  const { status, title, cause, retryable } = PROBLEMS[slug];
  return { type: `/problems/${slug}`, title, status, cause, retryable };
}

/** The catalogue of APIs as a linkset (RFC 9264). */
function catalogueOf(definitions: readonly ApiDefinition[]): object {
  const linkset = definitions.map((definition) => {
    const anchor = basePath(definition);
    const contract = { href: `${anchor}/openapi.json`, type: 'application/json' };
    return { anchor, title: definition.title, 'service-desc': [contract], 'service-doc': [{ href: '/docs' }] };
  });
  return { linkset };
}
