export { linesOf, type BadLine, type Line } from './lines.js';
