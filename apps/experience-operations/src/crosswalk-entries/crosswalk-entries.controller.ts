import { Body } from '@nestjs/common';
import { BusinessKey, Endpoint, Resource } from '@concord/api';
import { NewCrosswalkEntry } from '@concord/canonical';
import { passedOn } from '../passed-on.js';
import { ProcessApis } from '../process-apis.js';

@Resource('crosswalk-entries')
export class CrosswalkEntriesController {
  constructor(private readonly processes: ProcessApis) {}

  @Endpoint('POST', {
    scope: 'operations/crosswalk-entry.write',
    summary: 'Say what a foreign code means from a day on',
    answer: NewCrosswalkEntry,
    status: 201,
  })
  addCrosswalkEntry(@BusinessKey() key: string, @Body() entry: NewCrosswalkEntry): Promise<NewCrosswalkEntry> {
    return this.processes.patientToBilling.addCrosswalkEntry(entry).send(passedOn(key));
  }
}
