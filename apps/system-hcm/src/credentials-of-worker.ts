import type { Credential } from '@concord/canonical';
import type { HcmConnector } from './connector.js';

const PAGE = 100;
/** Nobody has more; a platform that says so has gone astray. */
const AT_MOST = 1000;

/** All credentials of one worker, page by page. */
export async function allCredentialsOf({ credentials }: HcmConnector, workerId: string): Promise<Credential[]> {
  const all: Credential[] = [];
  for (let page_token: string | undefined; ;) {
    const page = await credentials.list({ worker_id: workerId, page_size: PAGE, page_token });
    all.push(...page.items);
    if (!page.nextPageToken || all.length >= AT_MOST) return all;
    page_token = page.nextPageToken;
  }
}
