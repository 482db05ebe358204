/**
 * Configuration is a class: one property a setting, its default as the initial value. `configure` is the only place
 * that reads the environment; `.env.example` is generated from the same declarations.
 *
 * ```ts
 * class ErpConfig {
 *   @setting('CONNECTOR_ERP', 'Which connector serves the ERP', { oneOf: ['sandbox'] })
 *   connector = 'sandbox';
 * }
 * const { connector } = configure(ErpConfig);
 * ```
 */

interface SettingOptions {
  readonly oneOf?: readonly string[];
  /** Lowest and highest value of a number. */
  readonly min?: number;
  readonly max?: number;
  /** Throws an error that says what is wrong with a text. */
  readonly check?: (text: string) => void;
  /** Never printed, and without a default. */
  readonly secret?: boolean;
}

interface Setting extends SettingOptions {
  readonly name: string;
  readonly description: string;
  readonly property: string;
}

export interface ConfigurationEntry {
  readonly name: string;
  readonly description: string;
  readonly default?: string;
  readonly secret: boolean;
}

type ConfigClass<T extends object = object> = new () => T;

const declared = new Map<ConfigClass, Setting[]>();

/** Declares a setting: the name of its environment variable and what it is for. */
export function setting(name: string, description: string, options: SettingOptions = {}): PropertyDecorator {
  return (target, property) => {
    const owner = target.constructor as ConfigClass;
    declared.set(owner, [
      ...(declared.get(owner) ?? []),
      { ...options, name, description, property: String(property) },
    ]);
  };
}

/** The configuration from the environment. Throws one error that names every variable whose value cannot be used. */
export function configure<T extends object>(config: ConfigClass<T>, environment = process.env): T {
  const values = new config() as T & Record<string, unknown>;
  const faults: string[] = [];
  for (const entry of declared.get(config) ?? []) {
    const text = environment[entry.name];
    if (text === undefined || text === '') continue;
    try {
      (values as Record<string, unknown>)[entry.property] = parse(entry, text, values[entry.property]);
    } catch (error) {
      faults.push(`${entry.name} ${(error as Error).message}`);
    }
  }
  if (faults.length) throw new Error(`The configuration cannot be used: ${faults.join('; ')}`);
  return values;
}

/** A variable whose name is not known beforehand, such as the address of an API (`ERP_URL`) or a client's secret. */
export const variable = (name: string, environment = process.env): string | undefined =>
  environment[name.toUpperCase().replaceAll('-', '_')] || undefined;

function parse({ oneOf, min, max, check }: Setting, text: string, initial: unknown): unknown {
  if (oneOf && !oneOf.includes(text)) throw new Error(`must be one of ${oneOf.join(', ')}`);
  check?.(text);
  if (typeof initial === 'boolean') {
    if (text !== 'true' && text !== 'false') throw new Error('must be true or false');
    return text === 'true';
  }
  if (typeof initial !== 'number') return text;
  const value = Number(text);
  if (!Number.isFinite(value)) throw new Error('must be a number');
  if ((min !== undefined && value < min) || (max !== undefined && value > max)) {
    throw new Error(`must be between ${min ?? '-∞'} and ${max ?? '∞'}`);
  }
  return value;
}

/** Every setting that the loaded code declares, by name. */
export function configurationTable(): ConfigurationEntry[] {
  const entries = [...declared].flatMap(([config, settings]) => {
    const initial = new config() as Record<string, unknown>;
    return settings.map(({ name, description, property, secret = false }) => {
      const value = initial[property];
      const isScalar = ['string', 'number', 'boolean'].includes(typeof value);
      return { name, description, secret, default: secret || !isScalar ? undefined : String(value) };
    });
  });
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}
