import { join } from 'node:path';
import { configure, setting } from '@concord/api';
import { mailboxConfig, mailboxSettings, type MailboxSettings } from '@concord/sftp';
import { readProfile, type Profile } from './profile.js';

/** Where the platform leaves its extracts, of up to 128 MB each. */
export const HcmMailbox = mailboxConfig('HCM', 'the platform for human capital management', 134_217_728);

export class HcmFilesConfig {
  @setting(
    'HCM_FILES_PROFILE',
    'JSON file that declares the extracts of CONNECTOR_HCM=files; empty: the profile that comes with us',
  )
  profile = '';

  @setting(
    'HCM_FILES_SHRINK_SHARE',
    'An extract that would end a larger share of what is open, such as active workers, is set aside',
    { min: 0, max: 1 },
  )
  shrinkShare = 0.1;

  @setting('HCM_FILES_KEEP_DAYS', 'Days for which extracts are kept as they came', { min: 1, max: 3650 })
  keepDays = 30;
}

export interface FilesSettings {
  readonly profile: Profile;
  readonly mailbox: MailboxSettings;
  readonly shrinkShare: number;
  readonly keepDays: number;
}

/** Read and checked; throws an error that says what is wrong. */
export function filesSettings(environment = process.env): FilesSettings {
  const { profile, ...rest } = configure(HcmFilesConfig, environment);
  const declared = readProfile(profile || join(import.meta.dirname, 'profiles', 'nightly.json'));
  return { ...rest, profile: declared, mailbox: mailboxSettings('hcm', configure(HcmMailbox, environment)) };
}
