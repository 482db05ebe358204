/**
 * The names that a node's function takes out of its first parameter, read from its source. Only drawings depend on it:
 * what a node really needs is found when it is used.
 */
export function namesTakenBy(fn: (...args: never[]) => unknown): string[] {
  const parameter = /^(?:async\s*)?\(?\s*\{([^}]*)\}/.exec(fn.toString().replace(/^function\s*\w*/, ''))?.[1] ?? '';
  return parameter
    .split(',')
    .map((name) => name.split(':')[0]!.trim())
    .filter(Boolean);
}
