export { Caller, ok, type Answer } from './caller.js';
export { freePort } from './free-port.js';
export { encounterBundle, seededId, type EncounterWishes } from './synthetic-encounter.js';
export { bookFaults, journalTotals, readBooks, type Books } from './sandbox-books.js';
export { waitUntil } from './wait-until.js';
