/** An allocation is known by its place in the sequence, `LA-000123`; the number is its identifier too. */
export const documentNumber = (sequence: number): string => `LA-${String(sequence).padStart(6, '0')}`;

/** Undefined where the identifier is not one that we gave. */
export function sequenceOf(id: string): number | undefined {
  const sequence = Number(id.slice(3));
  return Number.isSafeInteger(sequence) && documentNumber(sequence) === id ? sequence : undefined;
}
