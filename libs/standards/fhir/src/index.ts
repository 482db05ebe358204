export { instantOf, isDateTime } from './date-time.js';
export { encounterIdOf, isFinished, type Lookup } from './encounter-of.js';
export {
  type FhirChange,
  type FhirDeletion,
  type FhirForm,
  type FhirInput,
  type FhirNotification,
  type FhirNotificationEvent,
  type FhirUpsert,
  lookupIn,
  resourcesOf,
} from './input.js';
export { operationOutcome } from './operation-outcome.js';
export { readFhir } from './read.js';
export { idIn, type Target, targetOf } from './reference.js';
