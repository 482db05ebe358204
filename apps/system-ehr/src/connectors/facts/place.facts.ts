/** What is known of places → canonical. Pure. */
import type { Bed, CareLocation } from '@concord/canonical';
import type { Content } from '../record.js';
import type { Sheet } from './sheet.js';

export const locationOfSheet = (id: string, sheet: Sheet): Content<CareLocation> => ({
  id,
  kind: sheet.value<CareLocation['kind']>('kind') ?? 'other',
  status: sheet.value<CareLocation['status']>('status') ?? 'active',
  name: sheet.value('name'),
  number: sheet.value('number'),
  partOf: sheet.value('partOf'),
});

export const bedOfSheet = (id: string, sheet: Sheet): Content<Bed> => ({
  id,
  name: sheet.value('name'),
  locationId: sheet.value('locationId'),
  status: sheet.value<Bed['status']>('status') ?? 'unknown',
});
