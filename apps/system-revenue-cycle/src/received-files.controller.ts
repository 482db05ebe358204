import { Body, Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { NewFileDiscard, pageOf, ReceivedFile, type Page } from '@concord/canonical';
import { RevenueCycleConnector } from './connector.js';
import { ReceivedFileQuery } from './queries.js';

export const ReceivedFilePage = pageOf(ReceivedFile);

/** For operations: files of partners that could not be used. Their content stays sealed. */
@Resource('received-files')
export class ReceivedFilesController {
  constructor(private readonly revenueCycle: RevenueCycleConnector) {}

  @Endpoint('GET', {
    scope: 'revenue-cycle/received-file.read',
    summary: 'List files that could not be used, with each place and reason',
    answer: ReceivedFilePage,
  })
  listReceivedFiles(@Query() query: ReceivedFileQuery): Promise<Page<ReceivedFile>> {
    return this.revenueCycle.listReceivedFiles(query);
  }

  @Endpoint('GET :id', {
    scope: 'revenue-cycle/received-file.read',
    summary: 'Read what could not be used of a file',
    answer: ReceivedFile,
  })
  readReceivedFile(@Param('id') id: string): Promise<ReceivedFile> {
    return this.revenueCycle.readReceivedFile(id);
  }

  @Endpoint('POST :id/retry', {
    scope: 'revenue-cycle/received-file.write',
    summary: 'Try a file again; what was used before has no second effect',
    answer: ReceivedFile,
  })
  retryReceivedFile(@Param('id') id: string): Promise<ReceivedFile> {
    return this.revenueCycle.retryReceivedFile(id);
  }

  @Endpoint('POST :id/discard', {
    scope: 'revenue-cycle/received-file.write',
    summary: 'Give a file up',
    answer: ReceivedFile,
  })
  discardReceivedFile(@Param('id') id: string, @Body() why: NewFileDiscard): Promise<ReceivedFile> {
    return this.revenueCycle.discardReceivedFile(id, why.reason);
  }
}
