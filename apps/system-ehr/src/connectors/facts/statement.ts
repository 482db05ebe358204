import type { EhrKind } from '../../resources.js';

/** Of what a source can say something: what the record is asked for, and results, which are only kept. */
export type Kind = EhrKind | 'encounter' | 'result';

/** Facts by name, in canonical words; `null` takes a fact back, and what is not named stays as it was. */
export type Facts = Readonly<Record<string, unknown>>;

/**
 * What a source says of one thing at one moment: the form into which HL7 v2 messages and lines of files are brought before
 * the record takes them in. It may hold PHI, and is sealed before it is stored.
 */
export interface Statement {
  readonly kind: Kind;
  readonly id: string;
  /**
   * When it was said, in UTC: what is older than a known fact does not replace it. Empty for what is only mentioned in
   * passing, such as the name of an attending doctor, which anything said in earnest replaces.
   */
  readonly saidAt: string;
  readonly facts: Facts;
}

export const keyOf = ({ kind, id }: Pick<Statement, 'kind' | 'id'>): string => `${kind}/${id}`;
