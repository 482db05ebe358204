import { asProblem } from '@concord/canonical';
import {
  acknowledge,
  acknowledgeBatch,
  acknowledgementsOf,
  decodeHl7,
  isBatch,
  newStamp,
  readBatch,
  readHl7,
  refuse,
  type AckCode,
  type Hl7Message,
  type Outcome,
} from '@concord/hl7v2';
import { log } from '@concord/observability';
import type { EhrConnector, RefusedMessage } from './connector.js';

/** How a message was answered: what became of it, and the acknowledgements that say so. */
export interface Hl7Answer {
  readonly code: Outcome;
  /** What its sender asked for in MSH-15 and MSH-16; none where it asked for none. */
  readonly acknowledgements: readonly string[];
  /** Where there must be an answer, as over HTTP: what became of it, asked for or not. */
  readonly text: string;
}

/**
 * Takes HL7 v2 in and answers it, whichever way it came. `AA` is said only once the message is durable; `AR` to what is
 * no message, `AE` to one that is wrong or could not be taken, both with the place of each fault. What is wrong is kept
 * too, for whoever has to find out why.
 */
export class Hl7Reception {
  /** @param zone where times without an offset are told, an IANA name */
  constructor(
    private readonly ehr: EhrConnector,
    private readonly zone: string,
  ) {}

  /** One message, or a batch in its envelope. Never throws: every outcome is an answer. */
  receive(text: string): Promise<Hl7Answer> {
    return isBatch(text) ? this.receiveBatch(text) : this.receiveOne(text);
  }

  /** A message or a batch as bytes, with or without an envelope. */
  receiveAll(body: Buffer | undefined): Promise<Hl7Answer> {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    try {
      return this.receiveBatch(decodeHl7(bytes).text);
    } catch (error) {
      return this.refused(bytes.toString('latin1'), error, 'AR');
    }
  }

  /** Each message is answered for itself, in its order. */
  private async receiveBatch(text: string): Promise<Hl7Answer> {
    const { messages, header, faults } = readBatch(text);
    const answers: Hl7Answer[] = [];
    for (const message of messages.length ? messages : [text]) answers.push(await this.receiveOne(message));
    const code = answers.find((answer) => answer.code !== 'AA')?.code ?? 'AA';
    const texts = answers.map((answer) => answer.text);
    if (faults.length > 0) log.warn('hl7v2.envelope.wrong', { count: faults.length });
    const whole = header === undefined ? texts.join('') : acknowledgeBatch(header, texts, faults, newStamp());
    return { code, acknowledgements: [whole], text: whole };
  }

  private async receiveOne(text: string): Promise<Hl7Answer> {
    let message: Hl7Message;
    try {
      message = readHl7(text, this.zone);
    } catch (error) {
      return this.refused(text, error, 'AR');
    }
    // Acknowledging an acknowledgement would never end.
    if (isAcknowledgement(message)) return { code: 'AA', acknowledgements: [], text: '' };
    try {
      const { resources } = await this.ehr.receiveHl7v2(message);
      const note = resources ? '' : 'kept, no handler';
      return answered('AA', acknowledgementsOf(message.header, 'AA'), (code) => acknowledge(message, code, note));
    } catch (error) {
      return this.refused(text, error, 'AE', message);
    }
  }

  private async refused(text: string, error: unknown, code: 'AE' | 'AR', message?: Hl7Message): Promise<Hl7Answer> {
    const problem = asProblem(error);
    log.warn('hl7v2.refused', { problem: problem.slug, causeClass: problem.kind.cause });
    if (problem.slug === 'internal') log.error('hl7v2.failed', { error: problem.cause });
    // Only what is wrong by itself: what could not be taken comes again.
    if (problem.slug === 'malformed') await this.keep({ text, message, faults: problem.errors ?? [] });
    const wanted = message ? acknowledgementsOf(message.header, code) : [code];
    return answered(code, wanted, (as) => refuse(message ?? text, problem, as));
  }

  private async keep(refused: RefusedMessage): Promise<void> {
    try {
      await this.ehr.keepRefused(refused);
    } catch (error) {
      log.error('hl7v2.refused.lost', { error }); // the sender still has it, and hears that it was refused
    }
  }
}

function answered(code: Outcome, wanted: readonly AckCode[], write: (code: AckCode) => string): Hl7Answer {
  const acknowledgements = wanted.map(write);
  const said = wanted.indexOf(code);
  return { code, acknowledgements, text: acknowledgements[said] ?? write(code) };
}

const isAcknowledgement = (message: Hl7Message): boolean =>
  message.header.type === 'ACK' || message.header.type === 'MCF';
