import { mergePatch, type Page, type ParLevel, type ParLevelChange } from '@concord/canonical';
import type { FaultInjection } from '@concord/resilience';
import type { Documents } from '../held/documents.store.js';
import { refuseUnlessSensible } from '../par-level-rules.js';
import type { ParLevels } from '../ports/stock.port.js';
import type { ParLevelQuery } from '../queries.js';

export class OwnParLevels implements ParLevels {
  constructor(
    private readonly documents: Documents,
    private readonly faults: FaultInjection,
  ) {}

  listParLevels(query: ParLevelQuery): Promise<Page<ParLevel>> {
    const { location, item_id: itemId } = query;
    return this.faults.around('listParLevels', () => this.documents.list('par-level', query, { location, itemId }));
  }

  readParLevel(id: string): Promise<ParLevel> {
    return this.faults.around('readParLevel', () => this.documents.read('par-level', id));
  }

  changeParLevel(id: string, expected: string, change: ParLevelChange): Promise<ParLevel> {
    const changing = (level: ParLevel): ParLevel => {
      const changed = mergePatch<ParLevel>(level, change);
      refuseUnlessSensible(changed);
      return changed;
    };
    return this.faults.around('changeParLevel', () => this.documents.change('par-level', id, changing, expected));
  }
}
