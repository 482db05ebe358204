import type { OpenAPIObject } from '@nestjs/swagger';

/** The routes of an API with their operations, as its contract names them. */
export class Routes {
  /** `GET /system/erp/v1/journal-entries/:id` → `readJournalEntry`. */
  private readonly operations = new Map<string, string>();
  private readonly addresses: { readonly pattern: RegExp; readonly methods: string[] }[] = [];

  constructor({ paths }: OpenAPIObject) {
    for (const [path, methods] of Object.entries(paths)) {
      const route = path.replace(/\{(\w+)\}/g, ':$1');
      const declared: string[] = [];
      for (const [verb, { operationId }] of Object.entries(methods as Record<string, { operationId?: string }>)) {
        if (!operationId) continue;
        const method = verb.toUpperCase();
        for (const one of method === 'GET' ? ['GET', 'HEAD'] : [method]) {
          this.operations.set(`${one} ${route}`, operationId);
          declared.push(one);
        }
      }
      this.addresses.push({ pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`), methods: declared });
    }
  }

  get operationIds(): readonly string[] {
    return [...new Set(this.operations.values())];
  }

  /** @param route the pattern that matched, not the address itself */
  operationOf(method: string, route: string | undefined): string | undefined {
    return this.operations.get(`${method} ${route}`);
  }

  /** The methods that an address has; none where there is nothing at it. */
  methodsAt(address: string): readonly string[] {
    const path = address.split('?', 1)[0]!;
    return [...new Set(this.addresses.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods))];
  }
}
