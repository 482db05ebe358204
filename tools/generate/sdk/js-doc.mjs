// A JSDoc comment out of paragraphs; Prettier gives it its indentation.

/** @param {(string | undefined)[]} paragraphs empty ones are left out @returns {string} '' or the comment and a newline */
export function jsDoc(...paragraphs) {
  const lines = paragraphs
    .filter(Boolean)
    .map((text) => text.trim().replaceAll('*/', '*\\/'))
    .join('\n\n')
    .split('\n')
    .map((line) => line.trim());
  if (lines.join('') === '') return '';
  return lines.length === 1
    ? `/** ${lines[0]} */\n`
    : `/**\n${lines.map((line) => ` * ${line}`.trimEnd()).join('\n')}\n */\n`;
}
