import { guard, targetLimits, type Guard, type GuardPolicy } from './guard.js';

/** A port whose methods all answer with a promise. Properties are left as they are. */
export type Port<P> = {
  readonly [Name in keyof P]: P[Name] extends (...args: never[]) => infer Answer
    ? Answer extends PromiseLike<unknown>
      ? P[Name]
      : never
    : P[Name];
};

/** Where operations differ from the policy of their target. */
export type OperationPolicies<P> = { readonly [Name in keyof P]?: GuardPolicy };

export interface ProtectedPort<P> {
  /** The same port; every method is guarded. */
  readonly port: P;
  /** The guards of the operations called so far, each named `<target>.<operation>`. */
  guards(): Guard[];
}

/**
 * Puts a guard around every method of a port, such as a connector: one breaker for each operation, one bulkhead and one
 * retry budget for the target as a whole.
 */
export function protect<P extends object>(
  target: string,
  port: P & Port<P>,
  policy: GuardPolicy = {},
  operations: OperationPolicies<P> = {},
): ProtectedPort<P> {
  const limits = targetLimits(target, policy);
  const guarded = new Map<PropertyKey, { guard: Guard; call: Operation }>();

  const protectedPort = new Proxy<P>(port, {
    get: (_, name) => {
      const member: unknown = Reflect.get(port, name);
      if (typeof member !== 'function' || typeof name === 'symbol' || name in Object.prototype) return member;
      return (guarded.get(name) ?? begin(name, member as Operation)).call;
    },
  });

  const begin = (name: string, operation: Operation) => {
    const own = guard(`${target}.${name}`, { ...policy, ...operations[name as keyof P] }, limits);
    const entry = { guard: own, call: (...args: unknown[]) => own.run(() => operation.apply(port, args)) };
    guarded.set(name, entry);
    return entry;
  };

  return { port: protectedPort, guards: () => [...guarded.values()].map((entry) => entry.guard) };
}

type Operation = (...args: unknown[]) => Promise<unknown>;
