import { Body } from '@nestjs/common';
import { NewCrosswalkEntry } from '@concord/canonical';
import { Caller, Endpoint, Resource } from '@concord/api';
import type { Principal } from '@concord/policy';
import { Crosswalks } from '@concord/master-data';

@Resource('crosswalk-entries')
export class CrosswalkEntriesController {
  constructor(private readonly crosswalks: Crosswalks) {}

  @Endpoint('POST', {
    scope: 'patient-to-billing/crosswalk-entry.write',
    summary: 'Say what a foreign code means from a day on',
    answer: NewCrosswalkEntry,
    status: 201,
  })
  async addCrosswalkEntry(@Body() entry: NewCrosswalkEntry, @Caller() caller: Principal): Promise<NewCrosswalkEntry> {
    await this.crosswalks.add(entry, caller.clientId);
    return entry;
  }
}
