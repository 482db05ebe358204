export type { Take, TakeInPieces } from './inbox.js';
export { Mailbox, type MailboxHealth } from './mailbox.js';
export type { MailboxSurroundings } from './mailbox.line.js';
export { mailboxConfig, mailboxSettings, type MailboxConfig, type MailboxSettings } from './mailbox.settings.js';
export { mailboxMigrations } from './ledger.migrations.js';
export { isUnfinished, type ReadFile, type RemoteFile, type TakenFile } from './remote-file.js';
