import { bulkJobs, bulkOf } from '@concord/api';
import { NewWorker } from '@concord/canonical';
import { HcmConnector } from './connector.js';

/** What human capital management takes in bulk. */
export const bulk = bulkJobs('hcm', [
  bulkOf({
    resource: 'workers',
    takes: NewWorker,
    scope: 'hcm/worker.write',
    summary: 'Add workers who are to join, many at once',
    through: HcmConnector,
    work: ({ workers }, key, worker) => workers.create(key, worker),
  }),
]);
