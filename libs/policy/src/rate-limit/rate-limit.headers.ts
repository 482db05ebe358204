/**
 * What a caller is told of its limits: `RateLimit-Policy: "client";q=6000;w=60` and `RateLimit: "client";r=5999;t=1`
 * (draft-ietf-httpapi-ratelimit-headers-11; still a draft, so only these two fields and four parameters).
 */
import type { Limit, Verdict } from './gcra.js';

/** q units in w seconds. */
export const policyItem = (name: string, { quota, windowSeconds }: Limit): string =>
  `"${name}";q=${quota};w=${windowSeconds}`;

/** r units left; t seconds until all are back or, after a refusal, until the request fits. */
export const limitItem = (name: string, verdict: Verdict): string =>
  `"${name}";r=${verdict.remaining};t=${secondsToWait(verdict)}`;

export const secondsToWait = ({ admitted, fullInMs, retryInMs }: Verdict): number =>
  Math.ceil((admitted ? fullInMs : retryInMs) / 1000);
