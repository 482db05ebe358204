import { encounterOfSheet } from '../facts/encounter.facts.js';
import { Sheet } from '../facts/sheet.js';
import type { Statement } from '../facts/statement.js';
import type { Change, EncounterContent } from '../record.js';

/** What one message says of one encounter, as a record of resources keeps it beside them. */
export interface Telling {
  readonly resourceType: 'Telling';
  readonly statements: readonly Statement[];
}

/**
 * The changes that statements make in a record of resources: one for each encounter that they are about.
 * @param messageId names the message: the same message is the same change
 */
export function tellingsOf(statements: readonly Statement[], messageId: string): Change[] {
  const about = Map.groupBy(
    statements.filter(({ kind }) => kind === 'encounter'),
    ({ id }) => id,
  );
  return [...about].map(([encounterId, said]) => {
    const body: Telling = { resourceType: 'Telling', statements: said };
    return { key: `Telling/${messageId}:${encounterId}`, body, encounterId, mentions: [] };
  });
}

/** The encounter as messages tell it, in whatever order they came; undefined where none did. */
export function encounterOfTellings(id: string, tellings: readonly Telling[]): EncounterContent | undefined {
  if (tellings.length === 0) return undefined;
  const sheet = new Sheet();
  for (const statement of tellings.flatMap(({ statements }) => statements)) sheet.take(statement);
  return encounterOfSheet(id, sheet);
}
