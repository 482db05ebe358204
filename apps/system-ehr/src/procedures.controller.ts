import { Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { Procedure, pageOf, type Page } from '@concord/canonical';
import { EhrConnector } from './connector.js';
import { ProcedureQuery } from './queries.js';

export const ProcedurePage = pageOf(Procedure);

@Resource('procedures')
export class ProceduresController {
  constructor(private readonly ehr: EhrConnector) {}

  @Endpoint('GET :id', { scope: 'ehr/procedure.read', summary: 'Read a procedure', answer: Procedure })
  readProcedure(@Param('id') id: string): Promise<Procedure> {
    return this.ehr.read('procedure', id);
  }

  @Endpoint('GET', {
    scope: 'ehr/procedure.read',
    summary: 'List procedures by encounter, patient, status and change',
    answer: ProcedurePage,
  })
  listProcedures(@Query() query: ProcedureQuery): Promise<Page<Procedure>> {
    return this.ehr.list('procedure', query);
  }
}
