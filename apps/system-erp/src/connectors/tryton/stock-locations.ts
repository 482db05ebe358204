/** Storage locations of Tryton, by our code. */
import type { TrytonRecords } from '@concord/tryton';
import { unknown } from '../purchasing-rules.js';
import { Held } from './held.js';

export interface KnownLocation {
  readonly id: number;
  /** Null where it lies in none. */
  readonly warehouse: number | null;
}

export class StockLocations {
  private readonly held = new Held<KnownLocation>();

  constructor(private readonly tryton: TrytonRecords) {}

  /** Throws `unknown-code`. */
  async named(code: string): Promise<KnownLocation> {
    const there = [
      ['code', '=', code],
      ['type', '=', 'storage'],
    ];
    const find = () => this.tryton.first<KnownLocation>('stock.location', there, ['warehouse']);
    const found = await this.held.get(code, find);
    if (!found) throw unknown('There is no such stock location', { location: code });
    return found;
  }
}
