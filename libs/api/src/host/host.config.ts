import { setting } from '../configuration.js';

/** What a process that hosts APIs can be told by its environment. */
export class HostConfig {
  @setting('HOST', 'Address to bind; demo credentials exist only on a loopback address')
  host = '127.0.0.1';

  @setting('PORT', 'Port of all APIs', { min: 0, max: 65_535 })
  port = 8080;

  @setting(
    'PUBLIC_URL',
    'How callers reach this host; audiences of tokens begin with it. From HOST and PORT if not set',
  )
  publicUrl = '';

  @setting('DATA_DIR', 'Folder of the embedded parts and of generated secrets')
  dataDir = '.data';

  @setting('APIS', 'Names of the APIs to host, separated by commas (erp,ehr,…); all if not set')
  apis = '';

  @setting('DATABASE_URL', 'Postgres to use instead of the embedded one', { secret: true })
  databaseUrl = '';

  @setting('DATABASE_POOL', 'Connections to Postgres at most', { min: 2, max: 200 })
  databasePool = 20;

  @setting('POSTGRES_PORT', 'Port of the embedded Postgres; 0 takes a free one and keeps to it', {
    min: 0,
    max: 65_535,
  })
  postgresPort = 0;

  @setting('OIDC_ISSUER', 'Identity provider to use instead of the embedded one')
  oidcIssuer = '';

  @setting('VAULT_KEY', 'Key that seals raw messages, 32 bytes in base64; generated into DATA_DIR if not set', {
    secret: true,
  })
  vaultKey = '';

  @setting(
    'AUDIT_NOTES_DIR',
    'Folder where is noted how far the audit trail goes, outside of its database; DATA_DIR if not set',
  )
  auditNotesDir = '';

  @setting('AUDIT_NOTE_SECONDS', 'Seconds between two notes of how far the audit trail goes', { min: 1, max: 3600 })
  auditNoteSeconds = 30;

  @setting('RAW_RETENTION_DAYS', 'Days that raw messages are kept', { min: 1, max: 3650 })
  rawRetentionDays = 30;

  @setting('REQUESTS_PER_MINUTE', 'Requests that a client may send to one API in a minute', { min: 1 })
  requestsPerMinute = 6000;

  @setting('LOG_LEVEL', 'Lines from this level on', { oneOf: ['debug', 'info', 'warn', 'error', 'fatal'] })
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'fatal' = 'warn';
}
