export { noteAuditTrail } from './audit-noting.js';
export { AuditNotes, type AuditNote, type NotesRead } from './audit-notes.js';
export { auditMigrations, AuditTrail, type AuditEntry } from './audit-trail.js';
export {
  AUDIT_FAULTS,
  verifyAuditTrail,
  type AuditFault,
  type AuditStanding,
  type AuditVerified,
} from './audit-verification.js';
