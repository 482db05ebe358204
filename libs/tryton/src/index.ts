export { TrytonRefusal } from './answer.js';
export { TrytonClient, type CallContext, type TrytonSettings } from './client.js';
export { markOf } from './mark.js';
export { costOf, productChangedSince } from './products.js';
export { literally, TrytonRecords, type Domain, type Search } from './records.js';
export { codeMap, TrytonConfig, trytonClient, TrytonLimits } from './tryton.config.js';
export {
  changedAtOf,
  changedSince,
  fromWireDay,
  fromWireDecimal,
  fromWireInstant,
  STAMPS,
  toWireDay,
  toWireDecimal,
  toWireInstant,
  type Stamped,
  type WireDay,
  type WireDecimal,
  type WireInstant,
} from './values.js';
