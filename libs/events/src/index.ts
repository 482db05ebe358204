export { EventLog, type NewEvent, type RawMessage, type StoredEvent } from './event-log.js';
export { eventMigrations } from './event-tables.js';
export { Subscription, type Subscriber } from './subscription.js';
export { Vault } from './vault.js';
export { freshnessOf } from './freshness.js';
