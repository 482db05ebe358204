import type { CauseClass, Problem, ProblemFault, ProblemSlug } from '@concord/canonical';
import type { OperationOutcome, OperationOutcomeIssue } from '@medplum/fhirtypes';

type IssueCode = OperationOutcomeIssue['code'];

const CODE_OF_CAUSE: Readonly<Record<CauseClass, IssueCode>> = {
  caller: 'invalid',
  business: 'business-rule',
  throttled: 'throttled',
  transport: 'transient',
  internal: 'exception',
};

/** Where FHIR has a word of its own (http://hl7.org/fhir/issue-type). */
const CODE_OF_SLUG: Readonly<Partial<Record<ProblemSlug, IssueCode>>> = {
  malformed: 'structure',
  unauthenticated: 'login',
  'insufficient-scope': 'forbidden',
  'access-denied': 'forbidden',
  'not-found': 'not-found',
  'method-not-allowed': 'not-supported',
  'unsupported-media': 'not-supported',
  'request-timeout': 'timeout',
  'upstream-timeout': 'timeout',
  conflict: 'conflict',
  'idempotency-mismatch': 'conflict',
  'idempotency-in-progress': 'lock-error',
  'payload-too-large': 'too-long',
  'unknown-code': 'code-invalid',
};

const CODE_OF_FAULT: Readonly<Record<string, IssueCode>> = {
  required: 'required',
  type: 'structure',
  format: 'value',
  code: 'code-invalid',
  unsupported: 'not-supported',
  unresolved: 'not-found',
};

/** A problem in the words of FHIR (R4 §2.32): one issue for each of its faults, or one for the whole. */
export function operationOutcome(problem: Problem): OperationOutcome {
  const { slug, kind, detail, errors } = problem;
  const code = CODE_OF_SLUG[slug] ?? CODE_OF_CAUSE[kind.cause];
  const whole: OperationOutcomeIssue = { severity: 'error', code, details: { text: kind.title }, diagnostics: detail };
  const issues = errors?.map((fault) => issueOf(fault, whole));
  return { resourceType: 'OperationOutcome', issue: issues?.length ? issues : [whole] };
}

const issueOf = ({ pointer, code, detail }: ProblemFault, whole: OperationOutcomeIssue): OperationOutcomeIssue => ({
  ...whole,
  code: CODE_OF_FAULT[code] ?? whole.code,
  diagnostics: detail,
  ...(pointer.startsWith('/') && { expression: [expressionOf(pointer)] }),
});

/** `/entry/3/resource/id` as FHIRPath: `entry[3].resource.id`. */
const expressionOf = (pointer: string): string =>
  pointer
    .slice(1)
    .replace(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.');
