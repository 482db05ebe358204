import type { Problem } from '@concord/canonical';
import type { BreakerState } from './breaker.js';
import type { Fallback } from './fallback.js';

export interface CapabilityHealth {
  readonly capability: string;
  readonly state: BreakerState;
  /** Absent for what stands behind an API of ours: that knows what callers do. */
  readonly fallback?: Fallback;
  /** Since when callers are told to go on with that, because it is known not to answer. */
  readonly fallbackSince?: Date;
}

export const CREDENTIAL_KINDS = ['key', 'password', 'secret', 'token', 'session'] as const;

/** Something by which a vendor knows us. The secret itself is not among it. */
export interface Credential {
  readonly kind: (typeof CREDENTIAL_KINDS)[number];
  /** When it was obtained or last changed, where that is known. */
  readonly since?: Date;
  readonly expiresAt?: Date;
  /** A one-way digest of a secret that carries no date, so that whoever keeps it sees when it was changed. */
  readonly digest?: string;
}

export const VENDOR_STATUSES = ['up', 'down', 'maintenance', 'unknown'] as const;
export type VendorStatus = (typeof VENDOR_STATUSES)[number];

/** How a vendor is doing. It holds no address and no secret. */
export interface VendorHealth {
  readonly vendor: string;
  /** The APIs that call it; none where it is itself an API of ours. */
  readonly apis: readonly string[];
  /** `down` since its last call or probe failed, and while it ails though it answers; `unknown` before the first. */
  readonly status: VendorStatus;
  /** What failed last, by the reason or the slug of its problem, or what it ails of, in words; absent once it is well again. */
  readonly failure?: string;
  readonly capabilities: readonly CapabilityHealth[];
  readonly active: number;
  readonly waiting: number;
  readonly callsLastMinute?: number;
  readonly callsPerMinute?: number;
  readonly exhaustedInSeconds?: number;
  readonly maintenanceUntil?: Date;
  /** It has asked for a pause (Retry-After) until then. */
  readonly heldUntil?: Date;
  /** Since when it has answered without a failure in between, and when it answered last. */
  readonly connectedSince?: Date;
  readonly answeredAt?: Date;
  readonly failedAt?: Date;
  /** When it last sent us something by itself: a message, a notice, a file. */
  readonly heardAt?: Date;
  /** When it was last asked only to learn whether it answers. */
  readonly probedAt?: Date;
  readonly credentials: readonly Credential[];
  /** The first end of a credential that is not renewed by itself. */
  readonly credentialExpiresAt?: Date;
}

/** Tokens and sessions are renewed by whoever uses them; the others by people. */
const RENEWED = new Set<Credential['kind']>(['token', 'session']);

/** What was seen of a vendor: when it answered, when it failed, by which credentials it knows us. */
export class Pulse {
  private readonly credentials = new Map<Credential['kind'], Credential>();
  connectedSince: Date | undefined;
  private answeredAt: Date | undefined;
  private failedAt: Date | undefined;
  private heardAt: Date | undefined;
  private probedAt: Date | undefined;
  private failure: string | undefined;
  /** What it cannot do, whatever else it answers. */
  ailment: string | undefined;

  constructor(private readonly clock: () => Date) {}

  /** It did what was asked. */
  answered(): void {
    this.failure = undefined;
    this.spoke();
  }

  /** It refused by a rule, and so it is there; a credential that it refuses is not mended by that. */
  spoke(): void {
    this.answeredAt = this.clock();
    this.connectedSince ??= this.answeredAt;
  }

  failed({ slug, context }: Problem): void {
    this.failedAt = this.clock();
    this.failure = context?.['reason'] ?? slug;
    this.connectedSince = undefined;
  }

  heard(at: Date): void {
    if (!this.heardAt || at > this.heardAt) this.heardAt = at;
  }

  probed(): void {
    this.probedAt = this.clock();
  }

  credential(credential: Credential): void {
    this.credentials.set(credential.kind, credential);
  }

  get seen() {
    const { answeredAt, failedAt, heardAt, probedAt, failure = this.ailment } = this;
    const connectedSince = this.ailment ? undefined : this.connectedSince;
    const credentials = [...this.credentials.values()];
    const ends = credentials.flatMap(({ kind, expiresAt }) => (expiresAt && !RENEWED.has(kind) ? [expiresAt] : []));
    const credentialExpiresAt = ends.sort((a, b) => a.getTime() - b.getTime())[0];
    const status = failure ? ('down' as const) : answeredAt ? ('up' as const) : ('unknown' as const);
    return {
      status,
      failure,
      connectedSince,
      answeredAt,
      failedAt,
      heardAt,
      probedAt,
      credentials,
      credentialExpiresAt,
    };
  }
}
