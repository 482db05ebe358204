/** Dates and times as X12 writes them: CCYYMMDD or YYMMDD, and HHMM or HHMMSS. */
export const dayOf = (date: string): string =>
  date.length === 6 ? dayOf(`20${date}`) : `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}`;

export const timeOf = (time: string): string => `${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4, 6) || '00'}`;

export const dateOf = (day: string): string => day.replaceAll('-', '');
