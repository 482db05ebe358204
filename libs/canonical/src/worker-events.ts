import { code, instant } from './field.js';

/** What is said of workers: ids only, never a name. What changed is read by whoever needs it. */

/** A worker is new, or came back. He works once his onboarding is done. */
export class WorkerHired {
  static readonly type = 'org.concord.worker.hired.v1';

  @code('Worker')
  workerId!: string;

  @instant('When')
  occurredAt!: string;
}

/** Something about a worker changed, for example his place, his name or his leave. */
export class WorkerChanged {
  static readonly type = 'org.concord.worker.changed.v1';

  @code('Worker')
  workerId!: string;

  @instant('When')
  occurredAt!: string;
}

/** A worker has left: what he could do in any system has to end. */
export class WorkerTerminated {
  static readonly type = 'org.concord.worker.terminated.v1';

  @code('Worker')
  workerId!: string;

  @instant('When')
  occurredAt!: string;
}
