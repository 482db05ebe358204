import { Problem } from '@concord/canonical';

import { operationOutcome, readFhir } from './index.js';

describe('a problem in the words of FHIR', () => {
  it('has one issue for each fault, at its place', () => {
    const json = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [{ resource: { resourceType: 'Encounter', id: '1' } }],
    };
    expect.assertions(1);
    try {
      readFhir(json);
    } catch (error) {
      expect(operationOutcome(error as Problem)).toEqual({
        resourceType: 'OperationOutcome',
        issue: ['status', 'class'].map((name) => ({
          severity: 'error',
          code: 'required',
          details: { text: 'The request does not have the promised shape' },
          diagnostics: `/entry/0/resource/${name} is missing`,
          expression: [`entry[0].resource.${name}`],
        })),
      });
    }
  });

  it('has one issue for the whole where there are no faults', () => {
    const codes = (['not-found', 'rate-limited', 'upstream-unavailable', 'period-closed', 'internal'] as const).map(
      (slug) => operationOutcome(new Problem(slug)).issue[0]?.code,
    );
    expect(codes).toEqual(['not-found', 'throttled', 'transient', 'business-rule', 'exception']);
  });
});
