import { ApiHeader } from '@nestjs/swagger';
import { Caller, Endpoint, Resource, type StreamEvent } from '@concord/api';
import type { Principal } from '@concord/policy';
import { FinancedEncounter } from '../encounters/encounters.dto.js';
import { LastEventId } from './last-event-id.js';
import { LiveEncounters } from './live-encounters.js';

@Resource('live')
export class LiveController {
  constructor(private readonly live: LiveEncounters) {}

  @Endpoint('GET', {
    scope: 'finance/encounter.read',
    summary: 'Watch encounters as they are financed',
    answer: FinancedEncounter,
    stream: true,
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    description: 'Id of the event that was seen last: the stream goes on after it',
    required: false,
    schema: { type: 'string', pattern: '^[0-9]{1,15}$' },
  })
  watchEncounters(
    @Caller() caller: Principal,
    @LastEventId() after: number | undefined,
  ): Promise<AsyncIterable<StreamEvent>> {
    return this.live.watch(caller, after);
  }
}
