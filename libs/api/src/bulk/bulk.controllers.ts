/**
 * What an API takes in bulk, as one table, and the controllers that come of it:
 *
 * ```ts
 * controllers: [
 *   ...bulkJobs('supply-chain', [
 *     bulkOf({
 *       resource: 'stock-adjustments',
 *       takes: NewStockAdjustment,
 *       scope: 'supply-chain/stock-adjustment.write',
 *       summary: 'Take from stock what was used, many at once',
 *       through: SupplyChainConnector,
 *       work: (supplyChain, key, adjustment) => supplyChain.createStockAdjustment(key, adjustment),
 *     }),
 *   ]),
 * ]
 * ```
 */
import { Body, Inject, Param, Query, type Abstract, type Type } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import { list, type Page } from '@concord/canonical';
import type { Principal } from '@concord/policy';
import { BusinessKey, Caller, Endpoint, Resource } from '../endpoint.js';
import {
  BULK,
  BULK_ITEMS,
  BulkFaultPage,
  BulkFaultQuery,
  BulkJob,
  BulkJobPage,
  BulkJobQuery,
  type BulkFault,
} from './bulk-job.js';
import { BulkJobs } from './bulk-jobs.js';

interface BulkEntry<Port, Entry> {
  /** The list that the entries go to; they are posted to `<resource>/bulk`. */
  readonly resource: string;
  /** The shape of one entry. */
  readonly takes: new () => Entry;
  readonly scope: string;
  readonly summary: string;
  /** The port that has the effect. */
  readonly through: Abstract<Port> | Type<Port>;
  /** Has the effect of one entry. The business key names it, as in a single request. */
  readonly work: (port: Port, businessKey: string, entry: Entry) => Promise<unknown>;
}

/** One line of the table: its controller takes `POST <resource>/bulk`. */
export function bulkOf<Port, Entry extends object>(entry: BulkEntry<Port, Entry>): Type {
  const { resource, takes, scope, summary, through, work } = entry;
  const operation = `bulk${resource.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())}`;
  class Entries {
    items!: Entry[];
  }
  Object.defineProperty(Entries, 'name', { value: `${takes.name}Bulk` });
  list('The entries; each is checked by itself', () => takes, { min: 1, max: BULK_ITEMS })(Entries.prototype, 'items');

  @Resource(resource)
  class BulkController {
    constructor(
      @Inject(BulkJobs) private readonly jobs: BulkJobs,
      @Inject(through) port: Port,
    ) {
      jobs.register(resource, operation, (key, item) => work(port, key, item));
    }

    @ApiExtension(BULK, true)
    @Endpoint('POST bulk', { scope, summary, status: 202, answer: BulkJob, location: 'jobs' })
    [operation](@Caller() caller: Principal, @BusinessKey() key: string, @Body() { items }: Entries): Promise<BulkJob> {
      return this.jobs.accept(caller.clientId, key, resource, items);
    }
  }
  return BulkController;
}

/** The controllers of an API's bulk: those of the table, and `jobs`, where each caller sees its own. */
export function bulkJobs(api: string, table: readonly Type[]): Type[] {
  const [read, write] = [`${api}/job.read`, `${api}/job.write`];

  @Resource('jobs')
  class JobsController {
    constructor(@Inject(BulkJobs) private readonly jobs: BulkJobs) {}

    @Endpoint('GET', { scope: read, summary: 'List the own bulk jobs, the newest first', answer: BulkJobPage })
    listJobs(@Caller() caller: Principal, @Query() query: BulkJobQuery): Promise<Page<BulkJob>> {
      return this.jobs.list(caller.clientId, query);
    }

    @Endpoint('GET :id', { scope: read, summary: 'Read how far a bulk job is', answer: BulkJob })
    readJob(@Caller() caller: Principal, @Param('id') id: string): Promise<BulkJob> {
      return this.jobs.read(caller.clientId, id);
    }

    @Endpoint('GET :id/faults', {
      scope: read,
      summary: 'List the entries of a bulk job that were refused, by line',
      answer: BulkFaultPage,
    })
    listJobFaults(
      @Caller() caller: Principal,
      @Param('id') id: string,
      @Query() query: BulkFaultQuery,
    ): Promise<Page<BulkFault>> {
      return this.jobs.faults(caller.clientId, id, query);
    }

    @Endpoint('DELETE :id', { scope: write, summary: 'Cancel what is not done of a bulk job', answer: BulkJob })
    cancelJob(@Caller() caller: Principal, @Param('id') id: string): Promise<BulkJob> {
      return this.jobs.cancel(caller.clientId, id);
    }
  }
  return [...table, JobsController];
}
