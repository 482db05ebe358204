/** What oidc-provider says of itself that is only for browsers; behind the embedded issuer there is no login. */
const BROWSER_ONLY = /^(authorization_|code_challenge|claim|response_modes|id_token|subject_types|request_uri)/;

/** The discovery document (RFC 8414) of an issuer for machines. */
export const machineMetadata = (document: object): object =>
  Object.fromEntries(Object.entries(document).filter(([name]) => !BROWSER_ONLY.test(name)));
