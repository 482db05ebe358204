import { code, formatted, text } from './field.js';

/** A code together with the system it comes from (FHIR Coding). */
export class Coding {
  @text('URI of the code system', { example: 'http://snomed.info/sct' })
  system!: string;

  @code('The code', { example: '185349003' })
  code!: string;

  @text('The code in words', { optional: true, max: 400, example: 'Encounter for check up' })
  display?: string;
}

/** The code systems that Concord itself writes or looks for. */
export const SYSTEMS = {
  snomed: 'http://snomed.info/sct',
  cvx: 'http://hl7.org/fhir/sid/cvx',
  hcpcs: 'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets',
  gtin: 'https://www.gs1.org/gtin',
  udi: 'http://hl7.org/fhir/NamingSystem/gs1-di',
  chargeCode: 'urn:concord:charge-code',
  item: 'urn:concord:item',
} as const;

/** An identifier together with who issued it (FHIR Identifier). */
export class Identifier {
  @text('URI or name of the issuing system', { example: 'urn:uuid' })
  system!: string;

  @formatted('The value', /^[\x21-\x7e]{1,100}$/, { example: 'd78e84ec-30aa-3bba-a33a-f29a3a454662' })
  value!: string;
}
