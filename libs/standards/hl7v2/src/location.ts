/** A place in a message: the segment, which of its kind (from 1), the field and the component. Written `FT1[2]-4.1`. */
export interface Hl7Location {
  readonly segment: string;
  readonly occurrence?: number;
  readonly field?: number;
  readonly component?: number;
}

export function pointerTo({ segment, occurrence = 1, field, component }: Hl7Location): string {
  const which = occurrence > 1 ? `[${occurrence}]` : '';
  return segment + which + (field === undefined ? '' : `-${field}`) + (component === undefined ? '' : `.${component}`);
}

/** The place a fault's pointer names; `undefined` for a pointer into something other than an HL7 v2 message. */
export function locationOf(pointer: string): Hl7Location | undefined {
  const parts = /^([A-Z][A-Z0-9]{2})(?:\[(\d+)\])?(?:-(\d+)(?:\.(\d+))?)?$/.exec(pointer);
  if (!parts) return undefined;
  const [, segment = '', occurrence, field, component] = parts;
  return { segment, occurrence: number(occurrence), field: number(field), component: number(component) };
}

const number = (digits: string | undefined): number | undefined => (digits === undefined ? undefined : Number(digits));
