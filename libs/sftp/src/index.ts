export { Mailbox, type MailboxHealth, type MailboxSurroundings, type Take } from './mailbox.js';
export { mailboxConfig, mailboxSettings, type MailboxConfig, type MailboxSettings } from './mailbox.settings.js';
export { mailboxMigrations } from './ledger.migrations.js';
export { isUnfinished, type RemoteFile, type TakenFile } from './remote-file.js';
