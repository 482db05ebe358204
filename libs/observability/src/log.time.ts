/** The time of a line, ISO 8601 in UTC, as pino wants it. Writing out the date is dear, so it is done once a second. */
let second = -1;
let upToSecond = '';

export function isoTime(): string {
  const now = Date.now();
  const ms = now % 1_000;
  if (now - ms !== second) {
    second = now - ms;
    upToSecond = new Date(second).toISOString().slice(0, -4);
  }
  return `,"time":"${upToSecond}${String(ms).padStart(3, '0')}Z"`;
}
