import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { AuditTrail } from '@concord/audit';
import { serveMllp, type MllpLog, type MllpServer } from '@concord/hl7v2';
import { log, newCorrelationId, withContext } from '@concord/observability';
import type { Hl7Reception } from './hl7v2.reception.js';

/** Who calls, where MLLP has no tokens: whoever reaches the port, which is why it listens on loopback unless told otherwise. */
const CALLER = 'mllp';

/**
 * Hears HL7 v2 over MLLP from when the API has started until it stops. A message is acknowledged once it and its audit
 * line are durable; what stays unanswered was not taken, and the sender repeats it.
 */
export class MllpListener implements OnApplicationBootstrap, OnApplicationShutdown {
  private server: MllpServer | undefined;

  /** @param at where to listen; port 0 is nowhere */
  constructor(
    private readonly reception: Hl7Reception,
    private readonly audit: AuditTrail,
    private readonly at: { readonly host: string; readonly port: number },
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.at.port === 0) return;
    this.server = await serveMllp({ ...this.at, onMessage: ({ text }) => this.answer(text), log: MLLP_LOG });
    log.info('mllp.listening', { host: this.at.host, port: this.server.port });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.server?.close();
  }

  private answer(message: string): Promise<readonly string[]> {
    const correlationId = newCorrelationId();
    return withContext({ correlationId, caller: CALLER }, async () => {
      const { code, acknowledgements } = await this.reception.receive(message);
      await this.audit.record({
        api: 'system/ehr',
        operation: 'receiveHl7v2',
        action: 'execute',
        outcome: code === 'AA' ? 'success' : code,
        client: CALLER,
        correlationId,
      });
      return acknowledgements;
    });
  }
}

/** What the listener says of its connections, without the address of whoever called. */
const MLLP_LOG: MllpLog = {
  info: () => log.info('mllp.connection.lost'),
  warn: (fields) => log.warn('mllp.refused', { bytes: (fields as { length?: number }).length }),
};
