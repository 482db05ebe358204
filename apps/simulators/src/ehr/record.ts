/** The resources of the simulated EHR, in memory: versioned, searchable, the same for the same input. */
import type { Resource } from '@medplum/fhirtypes';
import type { SimulatorClock } from '../clock.js';

export type Stored = Resource & { readonly id: string; readonly meta: { versionId: string; lastUpdated: string } };

/** Told of every resource that is new or changed. */
type Listener = (resource: Stored) => void;

const MOST = 200_000;

export class EhrRecord {
  private readonly types = new Map<string, Map<string, Stored>>();
  private readonly listeners: Listener[] = [];
  private count = 0;
  private last = 0;

  constructor(private readonly clock: SimulatorClock) {}

  /** The moment of the last change, or now: many changes of one moment run ahead of the clock. */
  get now(): Date {
    return new Date(Math.max(this.last + 1, this.clock.now().getTime()));
  }

  onChange(listener: Listener): void {
    this.listeners.push(listener);
  }

  /** Puts a resource in, as its next version. Two changes never have the same moment. */
  put(resource: Resource & { id: string }): Stored {
    const ofType = this.types.get(resource.resourceType) ?? new Map<string, Stored>();
    this.types.set(resource.resourceType, ofType);
    const before = ofType.get(resource.id);
    if (!before && (this.count += 1) > MOST) throw new Error(`The simulated EHR holds no more than ${MOST} resources`);
    this.last = Math.max(this.last + 1, this.clock.now().getTime());
    const meta = {
      ...resource.meta,
      versionId: String(Number(before?.meta.versionId ?? 0) + 1),
      lastUpdated: new Date(this.last).toISOString(),
    };
    const stored = { ...resource, meta } as Stored;
    ofType.set(resource.id, stored);
    for (const listener of this.listeners) listener(stored);
    return stored;
  }

  /** Nobody is told; a subscription in R4 is not about what is gone. */
  delete(type: string, id: string): void {
    if (this.types.get(type)?.delete(id)) this.count -= 1;
  }

  get(type: string, id: string): Stored | undefined {
    return this.types.get(type)?.get(id);
  }

  /** By last change, the oldest first. */
  all(type: string): Stored[] {
    const stored = [...(this.types.get(type)?.values() ?? [])];
    return stored.sort((a, b) => (a.meta.lastUpdated < b.meta.lastUpdated ? -1 : 1));
  }

  typesHeld(): string[] {
    return [...this.types.keys()].sort();
  }
}
