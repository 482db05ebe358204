export { dateLiteral, literal, textLiteral, type Primitive } from './literal.js';
export { readMetadata, type EntitySet, type EntityType, type Metadata, type Property } from './metadata.js';
