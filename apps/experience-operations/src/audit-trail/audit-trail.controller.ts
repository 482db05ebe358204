import { Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { AuditTrailQuery, AuditTrailVerification } from './audit-trail.dto.js';
import { AuditTrailVerifier } from './verifier.js';

@Resource('audit-trail')
export class AuditTrailController {
  constructor(private readonly verifier: AuditTrailVerifier) {}

  @Endpoint('GET verification', {
    scope: 'operations/audit-trail.read',
    summary: 'Verify the audit trail, a page of entries at a time: what was changed, inserted, taken out or cut off',
    answer: AuditTrailVerification,
  })
  verifyAuditTrail(@Query() query: AuditTrailQuery): Promise<AuditTrailVerification> {
    return this.verifier.verify(query);
  }
}
