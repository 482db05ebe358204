export { currentContext, PRIORITIES, withContext, type Context, type Priority } from './context.js';
export { correlationIdFrom, newCorrelationId } from './correlation.js';
export { LOG_FIELDS, type LogField, type LogFields } from './log.fields.js';
export { createLogger, log, logTo, type Logger, type LogLine } from './log.js';
export type { LoggerSettings, LogLevel } from './log.writer.js';
export {
  counter,
  gauge,
  histogram,
  measureProcess,
  metricsContentType,
  metricsText,
  type Labels,
  type LabelValues,
  type MetricName,
} from './metrics.js';
export { countRequest, declareOperation, type AnsweredRequest } from './request-metrics.js';
export { childTraceparent, parseTraceparent, type Trace } from './traceparent.js';
export { UNDECLARED, Vocabulary } from './vocabulary.js';
