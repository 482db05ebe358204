/** The kinds of thing that statements tell of, each with how its sheet is read: one table for every such record. */
import type { EhrKind, EhrResource } from '../../resources.js';
import type { Content } from '../record.js';
import { appointmentOfSheet, chargeOfSheet, orderOfSheet, procedureOfSheet, supplyUseOfSheet } from './care.facts.js';
import { patientOfSheet, practitionerOfSheet, roleOfSheet } from './person.facts.js';
import { bedOfSheet, locationOfSheet } from './place.facts.js';
import type { Sheet } from './sheet.js';
import type { Thing } from './thing.js';

const MAPPINGS: { readonly [K in EhrKind]?: (id: string, sheet: Sheet) => Content<EhrResource<K>> } = {
  patient: patientOfSheet,
  procedure: procedureOfSheet,
  appointment: appointmentOfSheet,
  order: orderOfSheet,
  'supply-use': supplyUseOfSheet,
  practitioner: practitionerOfSheet,
  'practitioner-role': roleOfSheet,
  location: locationOfSheet,
  bed: bedOfSheet,
  charge: chargeOfSheet,
};

export const KINDS_TOLD: ReadonlySet<EhrKind> = new Set(Object.keys(MAPPINGS) as EhrKind[]);

/** What is known of a thing, as a canonical resource; undefined for a kind that has none. */
export const contentOf = ({ kind, id, sheet }: Thing): Content<EhrResource> | undefined =>
  (MAPPINGS[kind as EhrKind] as ((id: string, sheet: Sheet) => Content<EhrResource>) | undefined)?.(id, sheet);
