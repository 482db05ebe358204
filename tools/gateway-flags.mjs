// The flags of Node by which `npm start` runs the gateway, for those who start one of their own.
import { readFileSync } from 'node:fs';

const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

export const GATEWAY_FLAGS = scripts.start.match(/--\S+/g);
