import { code } from '@concord/canonical';

/** A notice of the platform: that something about a worker changed. */
export class WorkerNotice {
  @code('Names this delivery; the same again is the same notice')
  deliveryId!: string;

  @code('What happened', { example: 'person.changed' })
  event!: string;

  @code('Worker number')
  employeeNo!: string;
}
