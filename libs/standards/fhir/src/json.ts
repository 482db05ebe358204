/** A JSON object whose members are still to be looked at. */
export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is left when a member has the wrong type, so that reading can go on to the next fault. */
export const objectOr = (value: unknown): JsonObject => (isObject(value) ? value : {});

export const textOr = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

export const listOr = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
