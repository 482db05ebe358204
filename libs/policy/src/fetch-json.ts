/** The one way to an identity provider, small enough to be put in the hand of a test. */
import { Problem } from '@concord/canonical';

export interface JsonAnswer {
  readonly status: number;
  /** The parsed body, `undefined` where it is not JSON. */
  readonly body: unknown;
}

export interface FormPost {
  readonly headers: Readonly<Record<string, string>>;
  readonly form: Readonly<Record<string, string>>;
}

/** GETs a document, or POSTs a form. Throws `upstream-unavailable` when nobody answers. */
export type FetchJson = (url: string, post?: FormPost) => Promise<JsonAnswer>;

const TIMEOUT_MS = 5_000;

/** The network. Redirects are not followed: keys and tokens come from the address that was configured. */
export const fetchJson: FetchJson = async (url, post) => {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const request = post && { method: 'POST', headers: post.headers, body: new URLSearchParams(post.form) };
  try {
    const answer = await fetch(url, { ...request, redirect: 'error', signal });
    const text = await answer.text();
    return { status: answer.status, body: json(text) };
  } catch (cause) {
    throw new Problem('upstream-unavailable', 'The identity provider does not answer', { cause, retryAfter: 1 });
  }
};

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
