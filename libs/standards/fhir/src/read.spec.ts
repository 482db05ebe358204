import { Problem } from '@concord/canonical';
import fc from 'fast-check';

import { type FhirInput, lookupIn, readFhir, resourcesOf } from './index.js';

const UUID = '5a018e7c-5680-4426-98a8-6ffaf4fc70a4';
const OTHER = 'd78e84ec-30aa-4bba-a33a-f29a3a454662';

const encounter = (more: object = {}) => ({
  resourceType: 'Encounter',
  id: 'enc-1',
  status: 'finished',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
  subject: { reference: 'Patient/p-1' },
  period: { start: '2024-03-05T14:30:00-05:00', end: '2024-03-05T15:00:00-05:00' },
  ...more,
});

const procedure = (more: object = {}) => ({ resourceType: 'Procedure', id: 'pro-1', status: 'completed', ...more });

const bundle = (type: string, ...entry: unknown[]) => ({ resourceType: 'Bundle', type, entry });

const post = (resource: { resourceType: string }, fullUrl?: string) => ({
  fullUrl,
  resource,
  request: { method: 'POST', url: resource.resourceType },
});

/** `operation Type/id` of each change. */
const changes = (input: FhirInput): string[] =>
  input.resources.map(({ operation, resource }) => `${operation} ${resource.resourceType}/${resource.id}`);

/** `pointer code` of each fault. */
const faultsOf = (json: unknown): string[] => {
  try {
    readFhir(json);
  } catch (error) {
    if (error instanceof Problem && error.slug === 'validation-failed') {
      return (error.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`);
    }
    throw error;
  }
  return [];
};

describe('FHIR that comes in', () => {
  it('may be one resource', () => {
    const input = readFhir(encounter());
    expect(input.form).toBe('resource');
    expect(resourcesOf(input, 'Encounter')).toEqual([encounter()]);
  });

  it('may be a transaction or a batch, whose queries change nothing', () => {
    const entries = [
      post(encounter()),
      { resource: { ...procedure(), id: undefined }, request: { method: 'PUT', url: 'Procedure/pro-9' } },
      { request: { method: 'DELETE', url: 'Condition/c-1' } },
      { request: { method: 'GET', url: 'Patient/p-1' } },
    ];
    for (const form of ['transaction', 'batch']) {
      const input = readFhir(bundle(form, ...entries));
      expect(input.form).toBe(form);
      expect(changes(input)).toEqual(['upsert Encounter/enc-1', 'upsert Procedure/pro-9', 'delete Condition/c-1']);
    }
  });

  it('may be a collection, or the matches of a search without its outcome', () => {
    expect(changes(readFhir(bundle('collection', { resource: encounter() })))).toEqual(['upsert Encounter/enc-1']);
    const outcome = { resource: { resourceType: 'OperationOutcome', issue: [] }, search: { mode: 'outcome' } };
    const found = readFhir(bundle('searchset', { resource: encounter(), search: { mode: 'match' } }, outcome));
    expect(changes(found)).toEqual(['upsert Encounter/enc-1']);
  });

  it('may be a history, which is taken with the oldest first', () => {
    const url = 'https://ehr.example/fhir/Encounter/enc-1';
    const input = readFhir(
      bundle(
        'history',
        { fullUrl: url, request: { method: 'DELETE', url: 'Encounter/enc-1' } },
        { fullUrl: url, resource: encounter(), request: { method: 'PUT', url: 'Encounter/enc-1' } },
        { fullUrl: url, resource: encounter({ status: 'arrived' }), request: { method: 'POST', url: 'Encounter' } },
      ),
    );
    expect(changes(input)).toEqual(['upsert Encounter/enc-1', 'upsert Encounter/enc-1', 'delete Encounter/enc-1']);
    expect(resourcesOf(input, 'Encounter').map(({ status }) => status)).toEqual(['arrived', 'finished']);
  });

  it('may be an empty bundle', () => {
    expect(readFhir({ resourceType: 'Bundle', type: 'searchset' })).toEqual({ form: 'searchset', resources: [] });
  });

  it('is never changed itself', () => {
    const json = bundle(
      'transaction',
      post(procedure({ encounter: { reference: `urn:uuid:${UUID}` } })),
      post(encounter(), `urn:uuid:${UUID}`),
    );
    const before = structuredClone(json);
    readFhir(json);
    expect(json).toEqual(before);
  });
});

describe('a reference inside a bundle', () => {
  const referring = (reference: string, ...others: unknown[]): string | undefined => {
    const input = readFhir(bundle('collection', { resource: procedure({ encounter: { reference } }) }, ...others));
    return resourcesOf(input, 'Procedure')[0]?.encounter?.reference;
  };
  const asUuid = { fullUrl: `urn:uuid:${UUID}`, resource: encounter() };
  const asUrl = { fullUrl: 'https://ehr.example/fhir/Encounter/enc-1', resource: encounter() };

  it.each([
    ['by UUID', `urn:uuid:${UUID}`, 'Encounter/enc-1'],
    ['by the URL of an entry', 'https://ehr.example/fhir/Encounter/enc-1', 'Encounter/enc-1'],
    ['by the URL of a version of an entry', 'https://ehr.example/fhir/Encounter/enc-1/_history/3', 'Encounter/enc-1'],
    ['by a URL elsewhere', 'https://other.example/fhir/Encounter/enc-1', 'https://other.example/fhir/Encounter/enc-1'],
    ['by a relative URL', 'Encounter/enc-2', 'Encounter/enc-2'],
    ['by a condition', 'Encounter?identifier=urn:visit|1', 'Encounter?identifier=urn:visit|1'],
    ['into contained', '#visit', '#visit'],
    ['by a UUID nobody has', `urn:uuid:${OTHER}`, `urn:uuid:${OTHER}`],
  ])('%s is read as the receiver knows it', (_, reference, read) => {
    expect(referring(reference, asUuid, asUrl)).toBe(read);
  });

  it('is resolved wherever it stands, in contained resources and extensions too', () => {
    const reference = `urn:uuid:${UUID}`;
    const json = procedure({
      contained: [{ resourceType: 'ServiceRequest', id: 'x', encounter: { reference } }],
      extension: [{ url: 'urn:visit', valueReference: { reference } }],
    });
    const text = JSON.stringify(readFhir(bundle('collection', asUuid, { resource: json })));
    expect(text.match(/Encounter\/enc-1/g)).toHaveLength(2);
  });

  it('leads to the id of the resource, which may differ from the UUID or may be it', () => {
    const input = readFhir(
      bundle(
        'transaction',
        post({ ...encounter(), id: undefined } as never, `urn:uuid:${UUID}`),
        post(procedure({ encounter: { reference: `urn:uuid:${UUID}` } })),
      ),
    );
    expect(changes(input)[0]).toBe(`upsert Encounter/${UUID}`);
    expect(resourcesOf(input, 'Procedure')[0]?.encounter?.reference).toBe(`Encounter/${UUID}`);
    expect(lookupIn(input)(`Encounter/${UUID}`)?.id).toBe(UUID);
  });

  it('that leads nowhere is a fault of a transaction', () => {
    const lost = post(procedure({ encounter: { reference: `urn:uuid:${OTHER}` } }));
    expect(faultsOf(bundle('transaction', post(encounter()), lost))).toEqual([
      '/entry/1/resource/encounter/reference unresolved',
    ]);
  });
});

describe('a subscription notification', () => {
  const ehr = 'https://ehr.example/fhir';
  const parameters = (type: string, ...more: object[]) => ({
    fullUrl: `urn:uuid:${OTHER}`,
    resource: {
      resourceType: 'Parameters',
      parameter: [
        { name: 'subscription', valueReference: { reference: `${ehr}/Subscription/s-1` } },
        { name: 'topic', valueCanonical: 'http://hl7.org/SubscriptionTopic/admission' },
        { name: 'status', valueCode: 'active' },
        { name: 'type', valueCode: type },
        { name: 'events-since-subscription-start', valueString: '7' },
        ...more,
      ],
    },
    request: { method: 'GET', url: `${ehr}/Subscription/s-1/$status` },
  });
  const event = {
    name: 'notification-event',
    part: [
      { name: 'event-number', valueString: '7' },
      { name: 'timestamp', valueInstant: '2024-03-05T20:00:00Z' },
      { name: 'focus', valueReference: { reference: `${ehr}/Encounter/enc-1` } },
    ],
  };
  const told = {
    subscription: `${ehr}/Subscription/s-1`,
    topic: 'http://hl7.org/SubscriptionTopic/admission',
    status: 'active',
    eventsSinceStart: 7,
  };
  const told7 = { number: 7, timestamp: '2024-03-05T20:00:00Z', focus: 'Encounter/enc-1' };

  it.each(['handshake', 'heartbeat'])('may be a mere %s', (type) => {
    expect(readFhir(bundle('history', parameters(type)))).toEqual({
      form: 'subscription-notification',
      resources: [],
      notification: { type, ...told, events: [] },
    });
  });

  it('brings its resources, in the R4 form of the backport', () => {
    const full = {
      fullUrl: `${ehr}/Encounter/enc-1`,
      resource: encounter(),
      request: { method: 'PUT', url: 'Encounter/enc-1' },
    };
    const gone = { fullUrl: `${ehr}/Encounter/enc-2`, request: { method: 'DELETE', url: 'Encounter/enc-2' } };
    const input = readFhir(bundle('history', parameters('event-notification', event), full, gone));
    expect(changes(input)).toEqual(['upsert Encounter/enc-1', 'delete Encounter/enc-2']);
    expect(input.notification).toEqual({ type: 'event-notification', ...told, events: [told7] });
  });

  it('brings only the names of its resources with id-only content', () => {
    const named = { fullUrl: `${ehr}/Encounter/enc-1`, request: { method: 'PUT', url: 'Encounter/enc-1' } };
    const input = readFhir(bundle('history', parameters('event-notification', event), named));
    expect(input.resources).toEqual([]);
    expect(input.notification?.events).toEqual([told7]);
  });

  it.each(['history', 'subscription-notification'])(
    'is read in its R4B and R5 form too, in a bundle of type %s',
    (type) => {
      const status = {
        resource: {
          resourceType: 'SubscriptionStatus',
          type: 'event-notification',
          status: 'active',
          subscription: { reference: `${ehr}/Subscription/s-1` },
          topic: told.topic,
          eventsSinceSubscriptionStart: '7',
          notificationEvent: [{ eventNumber: 7, timestamp: told7.timestamp, focus: { reference: 'Encounter/enc-1' } }],
        },
      };
      expect(readFhir(bundle(type, status, { resource: encounter() }))).toMatchObject({
        form: 'subscription-notification',
        resources: [{ operation: 'upsert', resource: { id: 'enc-1' } }],
        notification: { type: 'event-notification', ...told, events: [told7] },
      });
    },
  );

  it('is refused where it does not say what it is', () => {
    expect(faultsOf(bundle('history', parameters('birthday')))).toEqual(['/entry/0/resource/parameter code']);
    expect(faultsOf(bundle('subscription-notification', { resource: encounter() }))).toEqual([
      '/entry/0/resource required',
    ]);
    const numberless = { name: 'notification-event', part: [] };
    expect(faultsOf(bundle('history', parameters('heartbeat', numberless)))).toEqual([
      '/entry/0/resource/parameter required',
    ]);
  });
});

describe('FHIR with faults', () => {
  it.each<[string, unknown, string[]]>([
    ['no object', 'Encounter', [' type']],
    ['null', null, [' type']],
    ['a list', [encounter()], [' type']],
    ['no type', { id: '1' }, ['/resourceType required']],
    ['no id', { ...encounter(), id: undefined }, ['/id required']],
    ['an id that is none', { ...encounter(), id: 'a b' }, ['/id format']],
    ['an unknown bundle type', bundle('document'), ['/type unsupported']],
    ['no bundle type', { resourceType: 'Bundle' }, ['/type unsupported']],
    ['entries that are no list', { resourceType: 'Bundle', type: 'batch', entry: {} }, ['/entry type']],
    ['an entry that is no object', bundle('collection', 7), ['/entry/0 type']],
    ['an entry without resource', bundle('collection', {}), ['/entry/0/resource type']],
    [
      'a resource without type',
      bundle('collection', { resource: encounter() }, { resource: { id: '1' } }),
      ['/entry/1/resource/resourceType required'],
    ],
    ['a request without method', bundle('batch', { resource: encounter() }), ['/entry/0/request/method code']],
    [
      'a patch',
      bundle('batch', { request: { method: 'PATCH', url: 'Encounter/1' } }),
      ['/entry/0/request/method unsupported'],
    ],
    [
      'a conditional deletion',
      bundle('batch', { request: { method: 'DELETE', url: 'Encounter?status=x' } }),
      ['/entry/0/request/url format'],
    ],
    ['a status that is none', encounter({ status: 'done' }), ['/status code']],
    [
      'no status and no class',
      encounter({ status: undefined, class: undefined }),
      ['/status required', '/class required'],
    ],
    ['a class without code', encounter({ class: {} }), ['/class/code required']],
    [
      'a period of impossible times',
      encounter({ period: { start: '2024-02-30', end: '2024-03-05T10:00' } }),
      ['/period/start format', '/period/end format'],
    ],
    ['a period that is a text', encounter({ period: '2024' }), ['/period type']],
    ['a reference that is a number', encounter({ subject: { reference: 7 } }), ['/subject/reference type']],
    ['a coding that is no list', procedure({ code: { coding: {} } }), ['/code/coding type']],
    [
      'an amount that is a text',
      { resourceType: 'Claim', id: '1', status: 'active', item: [{ net: { value: '12.50' } }] },
      ['/item/0/net/value type'],
    ],
  ])('is refused at the place: %s', (_, json, faults) => {
    expect(faultsOf(json)).toEqual(faults);
  });

  it('is told all of them at once, but not without end', () => {
    const broken = Array.from({ length: 200 }, () => ({ resource: encounter({ status: 'done', class: 7 }) }));
    expect(faultsOf(bundle('collection', ...broken))).toHaveLength(50);
  });

  it('is refused, not stumbled over, when it is nested beyond reason', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`) as object;
    expect(faultsOf(bundle('collection', { resource: { ...encounter(), extra: deep } }))).toEqual([
      '/entry/0/resource format',
    ]);
  });

  it('never gets a value back, and never anything but a problem', () => {
    const secret = 'TESTPERSON';
    const place = fc.constantFrom(
      'resourceType',
      'id',
      'status',
      'class',
      'period',
      'subject',
      'type',
      'participant',
      'meta',
      'extension',
    );
    const wrong = fc.oneof(
      fc.constant(secret),
      fc.constant([secret]),
      fc.constant({ reference: [secret], start: secret, code: [secret], coding: secret }),
    );
    fc.assert(
      fc.property(
        fc.dictionary(place, wrong),
        fc.constantFrom('batch', 'transaction', 'collection', 'history', secret),
        (elements, type) => {
          const json = bundle(type, {
            resource: { ...encounter(), ...elements },
            request: { method: 'POST', url: 'Encounter' },
          });
          try {
            readFhir(json);
          } catch (error) {
            expect(error).toBeInstanceOf(Problem);
            expect(JSON.stringify((error as Problem).toBody())).not.toContain(secret);
          }
        },
      ),
    );
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        try {
          readFhir(json);
          readFhir(bundle('batch', json));
        } catch (error) {
          expect(error).toBeInstanceOf(Problem);
        }
      }),
    );
  });
});
