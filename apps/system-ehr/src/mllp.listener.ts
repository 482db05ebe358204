import { once } from 'node:events';
import { connect } from 'node:net';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { AuditTrail } from '@concord/audit';
import { Problem } from '@concord/canonical';
import { serveMllp, type MllpLog, type MllpServer } from '@concord/hl7v2';
import { log, newCorrelationId, withContext } from '@concord/observability';
import { Vendor } from '@concord/resilience';
import type { Hl7Reception } from './hl7v2.reception.js';

/** Who calls, where MLLP has no tokens: whoever reaches the port, which is why it listens on loopback unless told otherwise. */
const CALLER = 'mllp';

/**
 * Hears HL7 v2 over MLLP from when the API has started until it stops. A message is acknowledged once it and its audit
 * line are durable; what stays unanswered was not taken, and the sender repeats it.
 */
export class MllpListener implements OnApplicationBootstrap, OnApplicationShutdown {
  private server: MllpServer | undefined;
  private vendor: Vendor | undefined;

  /** @param at where to listen; port 0 is nowhere */
  constructor(
    private readonly reception: Hl7Reception,
    private readonly audit: AuditTrail,
    private readonly at: { readonly host: string; readonly port: number },
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.at.port === 0) return;
    this.server = await serveMllp({ ...this.at, onMessage: ({ text }) => this.answer(text), log: MLLP_LOG });
    this.watch(this.server.port);
    log.info('mllp.listening', { host: this.at.host, port: this.server.port });
  }

  async onApplicationShutdown(): Promise<void> {
    this.vendor?.close();
    await this.server?.close();
  }

  /** Knocks at its own door again and again, and notes when a message came: a feed that has fallen silent is seen. */
  private watch(port: number): void {
    const { host } = this.at;
    const vendor = new Vendor('mllp-listener', { apis: ['system/ehr'] });
    vendor.watch(() => vendor.run('connections', () => knock(host, port)));
    this.vendor = vendor;
  }

  private answer(message: string): Promise<readonly string[]> {
    this.vendor?.heard();
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

async function knock(host: string, port: number): Promise<void> {
  const socket = connect({ host, port, timeout: KNOCK_MS });
  socket.on('timeout', () => socket.destroy(new Error('no connection in time')));
  try {
    await once(socket, 'connect');
  } catch (cause) {
    throw new Problem('upstream-unavailable', 'Nobody listens for HL7 v2', { cause });
  } finally {
    socket.destroy();
  }
}

const KNOCK_MS = 2_000;

/** What the listener says of its connections, without the address of whoever called. */
const MLLP_LOG: MllpLog = {
  info: () => log.info('mllp.connection.lost'),
  warn: (fields) => log.warn('mllp.refused', { bytes: (fields as { length?: number }).length }),
};
