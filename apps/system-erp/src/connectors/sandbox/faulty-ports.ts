import type { FaultInjection } from '@concord/resilience';

type Operation = (...args: unknown[]) => Promise<unknown>;

/** The same ports, each of whose operations may be told to fail. */
export function faulty<Ports extends Record<string, object>>(ports: Ports, faults: FaultInjection): Ports {
  const faultyPort = (port: object) => {
    const known = new Map<string | symbol, Operation>();
    return new Proxy(port, {
      get: (_, name) => {
        const member: unknown = Reflect.get(port, name);
        if (typeof name === 'symbol' || typeof member !== 'function' || name in Object.prototype) return member;
        const call = member as Operation;
        const operation = known.get(name) ?? ((...args) => faults.around(name, () => call.apply(port, args)));
        known.set(name, operation);
        return operation;
      },
    });
  };
  return Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, faultyPort(port)])) as Ports;
}
