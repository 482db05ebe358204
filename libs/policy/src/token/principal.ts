/** Who is calling, in the words of the access token: a client, what it may do, and where. */

/** Codes of the places a caller may enter, or all of them. */
export type Places = ReadonlySet<string> | 'all';

export interface PrincipalFacts {
  readonly clientId: string;
  /** RFC 9068 `sub`; the client itself when it acts for nobody else. */
  readonly subject: string;
  readonly scopes: ReadonlySet<string>;
  /** The API the token is for. */
  readonly audience: string;
  readonly facilities: Places;
  readonly legalEntities: Places;
  /** When the token ends, in seconds since 1970. */
  readonly expiresAt: number;
}

export class Principal implements PrincipalFacts {
  readonly clientId: string;
  readonly subject: string;
  readonly scopes: ReadonlySet<string>;
  readonly audience: string;
  readonly facilities: Places;
  readonly legalEntities: Places;
  readonly expiresAt: number;

  constructor(facts: PrincipalFacts) {
    this.clientId = facts.clientId;
    this.subject = facts.subject;
    this.scopes = facts.scopes;
    this.audience = facts.audience;
    this.facilities = facts.facilities;
    this.legalEntities = facts.legalEntities;
    this.expiresAt = facts.expiresAt;
  }

  may(scope: string): boolean {
    return this.scopes.has(scope);
  }

  mayEnterFacility(code: string): boolean {
    return this.facilities === 'all' || this.facilities.has(code);
  }

  mayEnterLegalEntity(code: string): boolean {
    return this.legalEntities === 'all' || this.legalEntities.has(code);
  }
}
