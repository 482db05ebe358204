/** Tryton's models in the few verbs that connectors need; everything bounded, in an order that says what comes next. */
import type { CallContext, TrytonClient } from './client.js';

/** A domain: clauses that must all hold, or lists of clauses that begin with `OR`. */
export type Domain = readonly unknown[];

export interface Search {
  /** 1,000 where nothing is said. */
  readonly limit?: number;
  /** By id, oldest first, where nothing is said. */
  readonly order?: readonly (readonly [field: string, direction: 'ASC' | 'DESC' | 'DESC NULLS LAST'])[];
  readonly context?: CallContext;
}

const LIMIT = 1000;

export class TrytonRecords {
  constructor(readonly client: TrytonClient) {}

  /** Records that match. A field of a related record is asked for as `party.code` and answered as `party.` `code`. */
  find<T>(
    model: string,
    domain: Domain,
    fields: readonly string[],
    search: Search = {},
  ): Promise<(T & { id: number })[]> {
    const { limit = LIMIT, order = [['id', 'ASC']], context } = search;
    return this.client.ask(`model.${model}.search_read`, [domain, 0, limit, order, fields], context);
  }

  async first<T>(
    model: string,
    domain: Domain,
    fields: readonly string[],
    search: Search = {},
  ): Promise<(T & { id: number }) | undefined> {
    const [found] = await this.find<T>(model, domain, fields, { ...search, limit: 1 });
    return found;
  }

  /** All records that match, a thousand a call. */
  async all<T>(
    model: string,
    domain: Domain,
    fields: readonly string[],
    context?: CallContext,
  ): Promise<(T & { id: number })[]> {
    const found: (T & { id: number })[] = [];
    for (let after = 0; ; after = found.at(-1)!.id) {
      const page = await this.find<T>(model, [domain, ['id', '>', after]], fields, { context });
      found.push(...page);
      if (page.length < LIMIT) return found;
    }
  }

  /** Makes all or none of them. */
  create(model: string, values: readonly object[], context?: CallContext): Promise<number[]> {
    return this.client.effect(`model.${model}.create`, [values], context);
  }

  /** Throws `TrytonRefusal` for `changed-meanwhile` where the record is no longer as it was at `timestamp`. */
  async write(model: string, id: number, values: object, context: CallContext = {}, timestamp?: string): Promise<void> {
    const lock = timestamp === undefined ? {} : { _timestamp: { [`${model},${id}`]: timestamp } };
    await this.client.effect(`model.${model}.write`, [[id], values], { ...context, ...lock });
  }

  /** Presses a button. From a state that it does not lead out of it silently does nothing: read the state afterwards. */
  async press(model: string, button: string, ids: readonly number[], context?: CallContext): Promise<void> {
    await this.client.effect(`model.${model}.${button}`, [ids], context);
  }

  async remove(model: string, ids: readonly number[], context?: CallContext): Promise<void> {
    await this.client.effect(`model.${model}.delete`, [ids], context);
  }
}

/** Text that stands for itself in a `like` clause. */
export const literally = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
