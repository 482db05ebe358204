export { Caller, ok, type Answer } from './caller.js';
export { freePort } from './free-port.js';
export { runCounts } from './run-counts.js';
export { bookFaults, journalTotals, readBooks, type Books } from './sandbox-books.js';
export { encounterBundle, seededId, type EncounterWishes } from './synthetic-encounter.js';
export { waitUntil } from './wait-until.js';
