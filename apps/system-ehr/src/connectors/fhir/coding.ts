import type { CodeableConcept } from '@medplum/fhirtypes';
import { CODE, type Coding } from '@concord/canonical';
import { listOf, textOf } from './wire.js';

/**
 * The first coding that says its system and whose code can be carried. The concept's own `text` is never taken: it is
 * free text, and may name a person.
 */
export function codingOf(concept: CodeableConcept | undefined): Coding | undefined {
  for (const coding of listOf(concept?.coding)) {
    const [system, code, display] = [textOf(coding.system), textOf(coding.code), textOf(coding.display)];
    if (system === undefined || system.length > LONGEST_SYSTEM || code === undefined || !CODE.test(code)) continue;
    return { system, code, ...(display !== undefined && { display: display.slice(0, LONGEST_DISPLAY) }) };
  }
  return undefined;
}

const LONGEST_SYSTEM = 200;
const LONGEST_DISPLAY = 400;
