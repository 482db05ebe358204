import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Hl7Answer } from './hl7v2.reception.js';

/** What is refused before it is read as HL7 v2, such as a body that is too large, is answered like everywhere else. */
const PROBLEM = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

const MEDIA_TYPE = 'application/hl7-v2';

/** In the contract: the answer is an acknowledgement, of a refusal too. */
export const AcknowledgedInHl7 = (): MethodDecorator =>
  applyDecorators(
    ApiResponse({ status: 200, description: 'Acknowledged (MSA-1 is AA): every message is durable', content }),
    ApiResponse({
      status: 400,
      description: 'Refused (MSA-1 is AE or AR), with the place of each fault',
      content: { ...content, ...PROBLEM },
    }),
  );

const content = { [MEDIA_TYPE]: { schema: { type: 'string' } } } as const;

/** The acknowledgement over HTTP. */
export function answered(reply: FastifyReply, { code, text }: Hl7Answer): string {
  void reply.status(code === 'AA' ? 200 : 400).type(`${MEDIA_TYPE}; charset=utf-8`);
  return text;
}
