import { join } from 'node:path';
import { configure, setting } from '@concord/api';
import { mailboxConfig, mailboxSettings } from '@concord/sftp';
import type { FilesSettings } from './files.connector.js';
import { readProfile } from './profile.js';

/** The mailbox in which the practice leaves its extracts, where they do not come into a folder. */
export const FilesMailbox = mailboxConfig('FILES', 'the practice');

export class FilesConfig {
  @setting(
    'FILES_PROFILE',
    'JSON file that declares the extracts of the practice; empty: the profile that comes with us',
  )
  profile = '';

  @setting(
    'FILES_FOLDER',
    'Folder into which extracts are put; empty: they are taken from the SFTP mailbox FILES_SFTP_…',
  )
  folder = '';

  @setting('FILES_POLL_SECONDS', 'Seconds between two looks into FILES_FOLDER', { min: 0.02, max: 86_400 })
  pollSeconds = 30;
}

/** Read and checked; throws an error that says what is wrong. */
export function filesSettings(): FilesSettings {
  const { profile, folder, pollSeconds } = configure(FilesConfig);
  const declared = readProfile(profile || join(import.meta.dirname, 'profiles', 'practice.json'));
  if (folder) return { profile: declared, folder: { path: folder, pollMs: pollSeconds * 1000 } };
  return { profile: declared, mailbox: mailboxSettings('practice', configure(FilesMailbox)) };
}
