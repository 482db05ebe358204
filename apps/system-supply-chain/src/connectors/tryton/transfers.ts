/** Stock transfers in Tryton: internal shipments between two stock locations, of what lies there. */
import { Problem } from '@concord/canonical';
import type { NewReversal, NewStockTransfer, Page, StockTransfer } from '@concord/canonical';
import { literally, type Domain } from '@concord/tryton';
import { Decimal } from 'decimal.js';
import { Transfers } from '../../ports/replenishment.port.js';
import type { StockTransferQuery } from '../../queries.js';
import type { OnHand } from './on-hand.js';
import { faulty, type TrytonLoads } from './loads.js';
import type { PlacesCache } from './places.js';
import type { Told } from './shipment.mapping.js';
import { OURS, type TrytonShipments } from './shipments.js';
import { toTransfer } from './transfer.mapping.js';

export class TrytonTransfers extends Transfers {
  constructor(
    private readonly shipments: TrytonShipments,
    private readonly loads: TrytonLoads,
    private readonly places: PlacesCache,
    private readonly onHand: OnHand,
  ) {
    super();
  }

  override async createStockTransfer(businessKey: string, transfer: NewStockTransfer): Promise<StockTransfer> {
    const told = await this.shipments.send(businessKey, async () => {
      const { reference, lines } = transfer;
      const [from, to] = [await this.places.location(transfer.from), await this.places.location(transfer.to)];
      if (from === to) throw faulty('/to', 'same', 'must be another location');
      const moves = await this.loads.movesOf(lines, from, to);
      const words = { reference, reason: 'transfer' } as const;
      return { words, from, to, moves, onlyWhatIsThere: () => this.lack(transfer, from) };
    });
    return toTransfer(told);
  }

  override async readStockTransfer(id: string): Promise<StockTransfer> {
    return toTransfer(await this.find(id));
  }

  override async listStockTransfers(query: StockTransferQuery): Promise<Page<StockTransfer>> {
    const { reference, from, to } = query;
    const asked = [
      ...TRANSFERS,
      ...(reference ? [['reference', 'like', `${literally(reference)} %`]] : []),
      ...(from ? [['from_location.code', '=', from]] : []),
      ...(to ? [['to_location.code', '=', to]] : []),
    ];
    const page = await this.shipments.list(asked, query);
    return { ...page, items: page.items.map(toTransfer) };
  }

  override async reverseStockTransfer(businessKey: string, id: string, _: NewReversal): Promise<StockTransfer> {
    const taken = await this.find(id);
    const { from, to, reverses } = toTransfer(taken);
    if (reverses) throw new Problem('conflict', 'A reversal is not reversed', { context: { reverses } });
    const way = { from: await this.places.location(to), to: await this.places.location(from) };
    const conflict = (reversedBy: string) =>
      new Problem('conflict', 'The transfer is taken back already', { context: { stockTransfer: id, reversedBy } });
    return toTransfer(await this.shipments.takeBack(businessKey, taken, way, conflict));
  }

  private async find(id: string): Promise<Told> {
    const told = await this.shipments.find(id, TRANSFERS);
    if (!told) throw new Problem('not-found', 'There is no such stock transfer');
    return told;
  }

  /** Tryton says that something is missing, not what: the first item, or lot, of which less lies there than is moved. */
  private async lack({ from: location, lines }: NewStockTransfer, at: number): Promise<Problem> {
    const detail = 'Less lies there than is to be moved';
    for (const { itemId: item, lot } of lines) {
      const alike = lines.filter((line) => line.itemId === item && (lot === undefined || line.lot === lot));
      const moved = alike.reduce((sum, { quantity }) => sum.plus(quantity), new Decimal(0));
      const onHand = await this.onHand.of(item, at, lot);
      if (moved.lessThanOrEqualTo(onHand)) continue;
      return new Problem('conflict', detail, { context: { location, item, ...(lot ? { lot } : {}), onHand } });
    }
    return new Problem('conflict', detail, { context: { location } }); // reserved by somebody else
  }
}

const TRANSFERS: Domain = [
  ...OURS,
  ['OR', ['reference', 'like', '% transfer #%'], ['reference', 'like', '% transfer reverses %']],
];
