import { choice, code, codes, day, flag, text } from './field.js';
import { changeOf } from './merge-patch.js';
import { changedAt, revision } from './revision.js';

export const CREDENTIAL_KIND = ['license', 'board-certification', 'training'] as const;
export const CREDENTIAL_STATUS = ['active', 'suspended', 'revoked'] as const;

/** What allows somebody to work in a profession, and which clinical privileges rest on it. */
export class NewCredential {
  @code('Worker')
  workerId!: string;

  @choice('Kind', CREDENTIAL_KIND)
  kind!: (typeof CREDENTIAL_KIND)[number];

  @code('What it is', { example: 'RN' })
  code!: string;

  @text('Who issued it')
  issuer!: string;

  @text('Number that the issuer gave', { optional: true, max: 60, dataClass: 'restricted' })
  number?: string;

  @day('First day on which it counts')
  issuedOn!: string;

  @day('Last day on which it counts; absent where it does not expire', { optional: true })
  expiresOn?: string;

  @codes('Privileges that rest on it', { max: 100, example: ['SEDATION'] })
  privileges!: string[];
}

export class Credential extends NewCredential {
  @code('Identifier', { example: 'CRED-1001' })
  id!: string;

  @choice('Status', CREDENTIAL_STATUS)
  status!: (typeof CREDENTIAL_STATUS)[number];

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}

export class CredentialChange extends changeOf(Credential, [
  'issuer',
  'number',
  'issuedOn',
  'expiresOn',
  'privileges',
  'status',
]) {}

export const CREDENTIAL_FAULT = [
  'worker-not-employed',
  'license-missing',
  'license-not-in-force',
  'license-suspended',
  'privilege-not-held',
] as const;

/** Whether somebody may work on a day, and may do what a privilege allows. */
export class CredentialValidation {
  @code('Worker')
  workerId!: string;

  @day('Day')
  date!: string;

  @code('Privilege asked about', { optional: true })
  privilege?: string;

  @flag('Whether he may')
  valid!: boolean;

  @codes(
    'Why not: `worker-not-employed`, `license-missing`, `license-not-in-force`, `license-suspended`, `privilege-not-held`',
  )
  faults!: (typeof CREDENTIAL_FAULT)[number][];

  @codes('The credentials that it rests on')
  credentials!: string[];

  @day('The last day on which it would still be so, as things stand', { optional: true })
  validUntil?: string;
}
