/** Asks again and again until the answer is there; throws with `what` when it does not come in time. */
export async function waitUntil<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  { withinMs = 90_000, everyMs = 50 } = {},
): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > end) throw new Error(`waited ${withinMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
