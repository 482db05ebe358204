export { Mailbox, type MailboxHealth, type MailboxSurroundings, type Take, type TakeInPieces } from './mailbox.js';
export { mailboxConfig, mailboxSettings, type MailboxConfig, type MailboxSettings } from './mailbox.settings.js';
export { mailboxMigrations } from './ledger.migrations.js';
export { isUnfinished, type ReadFile, type RemoteFile, type TakenFile } from './remote-file.js';
