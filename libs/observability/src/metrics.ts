import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { UNDECLARED, Vocabulary } from './vocabulary.js';

/**
 * Metrics in the Prometheus text format. A label declares every value it may take, as a list or as a vocabulary; any
 * other value is counted as `undeclared`, and a label that the metric does not declare is left out.
 */
export type Labels = Readonly<Record<string, readonly string[] | Vocabulary>>;

/** One value for each declared label. */
export type LabelValues<L extends Labels> = {
  readonly [Name in keyof L]: L[Name] extends readonly (infer Value)[] ? Value : string;
};

/** Metrics of ours are told apart from those of the process by their prefix. */
export type MetricName = `concord_${string}`;

/** Buckets in seconds, from a rule in memory to a slow vendor. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const registry = new Registry();

/** A number that only grows. Its name ends in `_total`. */
export function counter<const L extends Labels>(name: MetricName, help: string, labels: L) {
  const admit = admission(labels);
  const metric = new Counter({ name, help, labelNames: Object.keys(labels), registers: [registry] });
  return {
    add: (values: LabelValues<L>, by = 1): void => void metric.inc(admit(values), by),
    /** The same for one set of values, looked up once; for hot paths. */
    of: (values: LabelValues<L>) => {
      const admitted = admit(values);
      return { add: (by = 1): void => void metric.inc(admitted, by) };
    },
  };
}

/** A number that is read where it stands: a state, a depth, an age. */
export function gauge<const L extends Labels>(name: MetricName, help: string, labels: L) {
  const admit = admission(labels);
  const metric = new Gauge({ name, help, labelNames: Object.keys(labels), registers: [registry] });
  return { set: (values: LabelValues<L>, to: number): void => metric.set(admit(values), to) };
}

/** How long something took, in seconds. Its name ends in `_seconds`. */
export function histogram<const L extends Labels>(name: MetricName, help: string, labels: L) {
  const admit = admission(labels);
  const metric = new Histogram({
    name,
    help,
    labelNames: Object.keys(labels),
    buckets: SECONDS,
    registers: [registry],
  });
  return {
    observe: (values: LabelValues<L>, seconds: number): void => metric.observe(admit(values), seconds),
    /** The same for one set of values, looked up once; for hot paths. */
    of: (values: LabelValues<L>) => {
      const admitted = admit(values);
      return { observe: (seconds: number): void => metric.observe(admitted, seconds) };
    },
  };
}

let isMeasured = false;

/**
 * Adds what Node.js knows of its process: memory, CPU, event loop delay, garbage collection. Called by the host, of which a
 * process may start another one after the first has ended.
 */
export function measureProcess(): void {
  if (!isMeasured) collectDefaultMetrics({ register: registry });
  isMeasured = true;
}

/** The answer to `GET /metrics`, of type `metricsContentType`. */
export const metricsText = (): Promise<string> => registry.metrics();

export const metricsContentType: string = registry.contentType;

/** The values of the declared labels, each as its vocabulary admits it. */
function admission<L extends Labels>(labels: L): (values: LabelValues<L>) => Record<string, string> {
  const rules = Object.entries(labels).map(([name, words]) => [name, vocabularyOf(name, words)] as const);
  return (values) => {
    const given = values as Readonly<Record<string, string>>;
    const admitted: Record<string, string> = {};
    for (const [name, words] of rules) admitted[name] = words.admit(given[name] ?? UNDECLARED);
    return admitted;
  };
}

function vocabularyOf(name: string, words: readonly string[] | Vocabulary): Vocabulary {
  if (words instanceof Vocabulary) return words;
  const vocabulary = new Vocabulary(name);
  vocabulary.declare(...words);
  return vocabulary;
}
