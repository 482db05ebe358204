import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, IfMatch, Resource } from '@concord/api';
import { Assignment, AssignmentChange, NewAssignment, pageOf, type Page } from '@concord/canonical';
import { HcmConnector } from '../connector.js';
import { AssignmentQuery } from '../queries.js';

export const AssignmentPage = pageOf(Assignment);

@Resource('assignments')
export class AssignmentsController {
  constructor(private readonly hcm: HcmConnector) {}

  @Endpoint('POST', {
    scope: 'hcm/assignment.write',
    summary: 'Move a worker, now or on a day ahead',
    status: 201,
    location: 'assignments',
    answer: Assignment,
  })
  createAssignment(@BusinessKey() key: string, @Body() fresh: NewAssignment): Promise<Assignment> {
    return this.hcm.assignments.create(key, fresh);
  }

  @Endpoint('PATCH :id', {
    scope: 'hcm/assignment.write',
    summary: 'Change an assignment that lies ahead',
    answer: Assignment,
  })
  changeAssignment(
    @Param('id') id: string,
    @IfMatch() expected: string,
    @BusinessKey() key: string,
    @Body() change: AssignmentChange,
  ): Promise<Assignment> {
    return this.hcm.assignments.change(id, change, expected, key);
  }

  @Endpoint('GET :id', { scope: 'hcm/assignment.read', summary: 'Read an assignment', answer: Assignment })
  readAssignment(@Param('id') id: string): Promise<Assignment> {
    return this.hcm.assignments.read(id);
  }

  @Endpoint('GET', {
    scope: 'hcm/assignment.read',
    summary: 'List assignments: the history of a worker, or who works somewhere on a day',
    answer: AssignmentPage,
  })
  listAssignments(@Query() query: AssignmentQuery): Promise<Page<Assignment>> {
    return this.hcm.assignments.list(query);
  }
}
