/** The header by which a notification of the EHR proves itself: it holds the secret that the subscription was given. */
export const HOOK_HEADER = 'x-concord-hook';

/** Where the EHR posts it, below the address of the host. */
export const HOOK_PATH = '/system/ehr/v1/inbound/fhir-notifications';
