import type { FaultInjection } from '@concord/resilience';

/** The same port, which fails as it is told to. */
export function faulty<T extends object>(port: T, faults: FaultInjection): T {
  return new Proxy(port, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function' || typeof name !== 'string') return value;
      const method = value as (...args: unknown[]) => Promise<unknown>;
      return (...args: unknown[]) => faults.around(name, () => method.apply(target, args));
    },
  });
}
