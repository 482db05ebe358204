/** A day as X12 writes it, CCYYMMDD. */
export const digitsOf = (day: string): string => day.replaceAll('-', '');

/** In the X12 character set: capitals without accents. */
export const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase();
