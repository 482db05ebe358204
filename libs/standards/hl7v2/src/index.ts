export { type AckCode, type AckStamp, acknowledge, newStamp, type Outcome, refuse } from './acknowledge.js';
export { acknowledgeBatch } from './acknowledge-batch.js';
export { acknowledgementsOf } from './acknowledgements.js';
export { type Hl7Batch, isBatch, readBatch } from './batch.js';
export { type DecodedHl7, decodeHl7, encodeHl7 } from './charset.js';
export { type ChargeFacts, readChargeFacts } from './charge-facts.js';
export {
  amountOf,
  codeOf,
  decimalOf,
  type Hl7Amount,
  type Hl7Code,
  type Hl7Identifier,
  identifierOf,
} from './data-types.js';
export { fault, malformedBy } from './fault.js';
export { type ErrorCondition, type Hl7Error } from './error-segment.js';
export type { AcknowledgementWish, Hl7Header } from './header.js';
export { type Hl7Location, locationOf, pointerTo } from './location.js';
export { type Hl7Message, readHl7 } from './message.js';
export type { MllpConnection, MllpLog, MllpMessage, OnMllpMessage } from './mllp/message.js';
export { frame, type MllpEvent, MllpFramer } from './mllp/framer.js';
export { DEFAULT_MLLP_LIMITS, type MllpLimits } from './mllp/limits.js';
export { sendMllp, type SendMllpOptions } from './mllp/send.js';
export { type MllpReply, MllpSender, type MllpSenderOptions } from './mllp/sender.js';
export { type MllpServer, type MllpServerOptions, serveMllp } from './mllp/serve.js';
export { Reading } from './reading.js';
export type { Field, Said, Segment } from './segment.js';
export { dateOf, instantOf } from './timestamp.js';
export { type Hl7Component, type Hl7Repetition, type Hl7Value, writeMessage, writeSegment } from './write.js';
