import { Problem, type ProblemFault } from '@concord/canonical';

/** What can be wrong with FHIR JSON, as the code of a fault. */
export type FhirFaultCode =
  | 'required' // an element that is needed is absent
  | 'type' // an element has the wrong JSON type
  | 'format' // a string is not what its FHIR type says
  | 'code' // a code is not of the set that is bound to the element
  | 'unsupported' // a form we do not take in
  | 'unresolved'; // a reference into the bundle leads nowhere

/** Collects faults, each at its JSON pointer (RFC 6901), and never more than a sender can use. */
export class Faults {
  private readonly found: ProblemFault[] = [];

  /** `detail` says what is wrong without the value, which may be PHI. */
  add(pointer: string, code: FhirFaultCode, detail: string): void {
    if (this.found.length < MOST) this.found.push({ pointer, code, detail });
  }

  /** Throws `validation-failed` with all faults, if there are any. */
  done(): void {
    const [first] = this.found;
    if (first) throw new Problem('validation-failed', first.detail, { errors: this.found });
  }
}

const MOST = 50;
