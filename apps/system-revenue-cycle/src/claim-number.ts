/** A claim is known by its place in the sequence, `CLM-000123`; the number is its identifier too. */
export const claimNumber = (sequence: number): string => `CLM-${String(sequence).padStart(6, '0')}`;

/** Undefined where the identifier is not one that we gave. */
export function sequenceOf(id: string): number | undefined {
  const sequence = Number(id.slice(4));
  return Number.isSafeInteger(sequence) && claimNumber(sequence) === id ? sequence : undefined;
}
