import { asProblem } from '@concord/canonical';
import { acknowledge, decodeHl7, readBatch, readHl7, refuse, type AckCode, type Hl7Message } from '@concord/hl7v2';
import { log } from '@concord/observability';
import type { EhrConnector } from './connector.js';

/** How a message was answered: the code, and the text of the acknowledgement. */
export interface Hl7Answer {
  readonly code: AckCode;
  readonly text: string;
}

/**
 * Takes HL7 v2 in and answers it, whichever way it came. `AA` is said only once the message is durable; `AR` to what is
 * no message, `AE` to one that is wrong or could not be taken, both with the place of each fault.
 */
export class Hl7Reception {
  /** @param zone where times without an offset are told, an IANA name */
  constructor(
    private readonly ehr: EhrConnector,
    private readonly zone: string,
  ) {}

  /** One message. Never throws: every outcome is an answer. */
  async receive(text: string): Promise<Hl7Answer> {
    const read = this.read(text);
    return 'code' in read ? read : this.take(read);
  }

  /** A message or a batch; each message is answered for itself, in its order. */
  async receiveAll(body: Buffer | undefined): Promise<Hl7Answer> {
    const decoded = decodedOr(Buffer.isBuffer(body) ? body : Buffer.alloc(0));
    if ('code' in decoded) return decoded;
    const { messages } = readBatch(decoded.text);
    const answers: Hl7Answer[] = [];
    for (const message of messages.length ? messages : [decoded.text]) answers.push(await this.receive(message));
    const refusal = answers.find(({ code }) => code !== 'AA');
    return { code: refusal?.code ?? 'AA', text: answers.map(({ text }) => text).join('') };
  }

  private read(text: string): Hl7Message | Hl7Answer {
    try {
      return readHl7(text, this.zone);
    } catch (error) {
      return refused(text, error, 'AR');
    }
  }

  private async take(message: Hl7Message): Promise<Hl7Answer> {
    try {
      const { resources } = await this.ehr.receiveHl7v2(message);
      return { code: 'AA', text: acknowledge(message, 'AA', resources ? '' : 'kept, no handler') };
    } catch (error) {
      return refused(message, error, 'AE');
    }
  }
}

function decodedOr(bytes: Buffer): { readonly text: string } | Hl7Answer {
  try {
    return decodeHl7(bytes);
  } catch (error) {
    return refused(bytes.toString('latin1'), error, 'AR');
  }
}

function refused(message: Hl7Message | string, error: unknown, code: 'AE' | 'AR'): Hl7Answer {
  const problem = asProblem(error);
  log.warn('hl7v2.refused', { problem: problem.slug, causeClass: problem.kind.cause });
  if (problem.slug === 'internal') log.error('hl7v2.failed', { error: problem.cause });
  return { code, text: refuse(message, problem, code) };
}
