/** How a tester tells the sandbox behind a system API to fail: the same three operations in every system API. */
import { Body, type Type } from '@nestjs/common';
import { choice, count, formatted, pageOf, type Page } from '@concord/canonical';
import { FAULT_KINDS, FaultInjection, type FaultKind } from '@concord/resilience';
import { Endpoint, Resource } from './endpoint.js';

/** A fault for a sandbox to have. */
export class NewFault {
  @formatted('Operation that fails, or `*` for every one', /^(\*|[a-z][A-Za-z]{0,63})$/, {
    example: 'createJournalEntry',
  })
  operation!: string;

  @choice('What happens; `reply-lost` has the effect and then does not answer', FAULT_KINDS)
  kind!: FaultKind;

  @count('How often', { min: 1, max: 1_000_000, example: 1 })
  times!: number;

  @count('Milliseconds that `timeout` and `slow` take; 1,000 where nothing is said', { optional: true, max: 60_000 })
  delayMs?: number;
}

/** A fault that the sandbox still waits to have; `times` is what is left of it. */
export class WaitingFault extends NewFault {}

const WaitingFaultPage = pageOf(WaitingFault);

/** The fault controls of one API's sandbox, under the scope `<api>/sandbox.control`. They need no Idempotency-Key. */
export function sandboxFaultsController(api: string): Type {
  const scope = `${api}/sandbox.control`;

  @Resource('sandbox/faults')
  class SandboxFaultsController {
    constructor(private readonly faults: FaultInjection) {}

    @Endpoint('POST', { scope, summary: 'Make the sandbox fail', status: 204, effect: false })
    injectFault(@Body() { operation, ...fault }: NewFault): void {
      this.faults.fail(operation, fault);
    }

    @Endpoint('GET', { scope, summary: 'List the faults that still wait', answer: WaitingFaultPage })
    listFaults(): Page<WaitingFault> {
      return { items: [...this.faults.list()] };
    }

    @Endpoint('DELETE', { scope, summary: 'Make the sandbox well again', status: 204, effect: false })
    clearFaults(): void {
      this.faults.clear();
    }
  }
  return SandboxFaultsController;
}
