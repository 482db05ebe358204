import { choice, code, day, formatted, text } from './field.js';

export const CROSSWALK_NAMES = ['service-code', 'supply-code', 'facility', 'payer', 'unit'] as const;

/** A translation of a foreign code, from a day on. */
export class NewCrosswalkEntry {
  @choice('Which crosswalk', CROSSWALK_NAMES)
  crosswalk!: (typeof CROSSWALK_NAMES)[number];

  @text('Code system of the foreign code', { example: 'http://snomed.info/sct' })
  system!: string;

  @formatted('The foreign code', /^[\x20-\x7e]{1,128}$/, { example: '185349003' })
  code!: string;

  @code('What it means here: a charge code, an item, a facility, a payer, a unit', { example: 'CH-VISIT-CHECKUP' })
  target!: string;

  @text('The foreign code in words', { optional: true, max: 400 })
  display?: string;

  @day('First day on which it counts; always where nothing is said', { optional: true })
  validFrom?: string;
}
