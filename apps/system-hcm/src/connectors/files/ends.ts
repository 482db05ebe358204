/** How a record ends that an extract does not tell of any more. */
import { sql, type RawBuilder } from 'kysely';
import type { ToldKind } from './fields.js';

type Body = Readonly<Record<string, unknown>>;

interface End {
  /** Of `body`: that it has not ended yet. */
  readonly isOpen: (day: string) => RawBuilder<unknown>;
  readonly hasEnded: (body: Body, day: string) => boolean;
  /** As it is from then on; undefined where it is no more. */
  readonly ended: (body: Body, day: string) => Body | undefined;
}

const byStatus = (last: string, more: (body: Body, day: string) => Body = () => ({})): End => ({
  isOpen: () => sql`and body->>'status' <> ${last}`,
  hasEnded: ({ status }) => status === last,
  ended: (body, day) => ({ ...body, ...more(body, day), status: last }),
});

const REMOVED: End = { isOpen: () => sql``, hasEnded: () => false, ended: () => undefined };

export const ENDS: Partial<Record<ToldKind, End>> = {
  worker: byStatus('terminated', ({ lastDay }, day) => ({ lastDay: lastDay ?? day })), // the day is known no better
  position: byStatus('closed'),
  'org-unit': byStatus('inactive'),
  assignment: {
    isOpen: (day) => sql`and coalesce(body->>'endsOn', '9999-12-31') > ${day}`,
    hasEnded: ({ endsOn }, day) => typeof endsOn === 'string' && endsOn <= day,
    ended: (body, day) => ({ ...body, endsOn: day }),
  },
  shift: REMOVED,
  credential: REMOVED,
};
