import path from 'node:path';
import { AuditNotes } from '@concord/audit';
import type { HostConfig } from './host.config.js';

type Settings = Pick<HostConfig, 'auditNotesDir' | 'auditNoteSeconds' | 'dataDir'>;

/**
 * The notes on the audit trail by `AUDIT_NOTES_DIR`, or beside the key of the vault. Throws where the folder would go
 * the way of the database that it vouches for, or cannot be written.
 */
export function auditNotes({ auditNotesDir, auditNoteSeconds, dataDir }: Settings): AuditNotes {
  const folder = path.resolve(auditNotesDir || dataDir);
  const within = path.relative(path.resolve(dataDir, 'postgres'), folder);
  if (!within.startsWith('..')) {
    throw new Error(`AUDIT_NOTES_DIR names ${folder}, which is in the folder of the database that the notes vouch for`);
  }
  return AuditNotes.in(folder, auditNoteSeconds * 1000);
}
