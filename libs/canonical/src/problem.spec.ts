import fc from 'fast-check';
import { asProblem, Problem, PROBLEMS, type ProblemSlug } from './problem.js';

const slugs = Object.keys(PROBLEMS) as ProblemSlug[];

test('a problem survives the way over the wire', () => {
  const word = fc.string({ maxLength: 20 });
  const extras = fc.record({
    errors: fc.option(fc.array(fc.record({ pointer: word, code: word, detail: word })), { nil: undefined }),
    context: fc.option(fc.dictionary(word, word, { noNullPrototype: true }), { nil: undefined }),
    retryAfter: fc.option(fc.nat(), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.constantFrom(...slugs), fc.option(word, { nil: undefined }), extras, (slug, detail, more) => {
      const sent = new Problem(slug, detail, more);
      const wire: unknown = JSON.parse(JSON.stringify(sent.toBody('correlation-1')));
      const received = Problem.fromAnswer(sent.kind.status, wire, more.retryAfter);
      expect(received.toBody()).toEqual(sent.toBody());
      expect(received.retryAfter).toBe(sent.retryAfter);
    }),
  );
});

test('any answer at all becomes a problem of the catalogue', () => {
  const body = fc.oneof(fc.jsonValue(), fc.record({ code: fc.jsonValue(), detail: fc.jsonValue() }));
  fc.assert(
    fc.property(fc.integer({ min: 400, max: 599 }), body, (status, answer) => {
      const problem = Problem.fromAnswer(status, answer);
      expect(slugs).toContain(problem.slug);
      expect(typeof problem.toBody().title).toBe('string');
    }),
  );
});

test('an answer that is not ours gives its status and none of its words', () => {
  const page = { detail: 'no such person: Testperson', code: 'ENOENT', context: { name: 'Testperson' } };
  for (const body of [page, { ...page, code: 'constructor' }, { ...page, code: '__proto__' }, 'Testperson', null]) {
    const problem = Problem.fromAnswer(404, body);
    expect(problem.slug).toBe('not-found');
    expect(JSON.stringify(problem.toBody())).not.toContain('Testperson');
  }
});

test('a status that the catalogue has no word for is the nearest kind of failure', () => {
  const slugOf = (status: number) => Problem.fromAnswer(status, undefined).slug;
  expect([418, 422, 500, 502, 503, 507].map(slugOf)).toEqual([
    'upstream-rejected',
    'validation-failed',
    'internal',
    'upstream-rejected',
    'upstream-unavailable',
    'internal',
  ]);
});

test('what is not ours stays inside a problem of our own', () => {
  const foreign = new Error('duplicate key value: Testperson');
  const problem = asProblem(foreign);
  expect(problem.cause).toBe(foreign);
  expect(JSON.stringify(problem.toBody())).not.toContain('Testperson');
  expect(asProblem(problem)).toBe(problem);
});
