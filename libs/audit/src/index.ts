export { auditMigrations, AuditTrail, firstBrokenEntry, type AuditEntry } from './audit-trail.js';
