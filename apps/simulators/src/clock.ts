/**
 * The time of a simulator: the machine's own, until a test turns it forward. What is to happen later (a remittance in 14
 * days) is put on the clock and happens when its moment has come, turned or not, in the order of the moments.
 */

interface Appointment {
  readonly at: number;
  readonly work: () => Promise<void> | void;
}

/** A timer of Node cannot wait longer; it is set anew when it rings. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class SimulatorClock {
  private offset = 0;
  private appointments: Appointment[] = [];
  private timer: NodeJS.Timeout | undefined;

  /** @param frozenAt a clock that stands still there, and moves only when it is turned */
  constructor(private readonly frozenAt?: Date) {}

  now(): Date {
    return new Date((this.frozenAt?.getTime() ?? Date.now()) + this.offset);
  }

  /** Does the work once this many milliseconds of the clock have passed. Answers how to call it off. */
  after(ms: number, work: () => Promise<void> | void): () => void {
    const appointment = { at: this.now().getTime() + ms, work };
    this.appointments = [...this.appointments, appointment].sort((a, b) => a.at - b.at);
    this.wind();
    return () => {
      this.appointments = this.appointments.filter((one) => one !== appointment);
    };
  }

  /** Turns the clock forward; resolves when all that came due, and what that put on the clock in turn, is done. */
  async turn(ms: number): Promise<void> {
    const end = this.now().getTime() + ms;
    for (;;) {
      const next = this.appointments[0];
      if (!next || next.at > end) break;
      this.appointments.shift();
      this.offset += Math.max(0, next.at - this.now().getTime());
      await next.work();
    }
    this.offset += Math.max(0, end - this.now().getTime());
    this.wind();
  }

  /** Nothing happens any more. */
  stop(): void {
    clearTimeout(this.timer);
    this.appointments = [];
  }

  private wind(): void {
    clearTimeout(this.timer);
    const next = this.appointments[0];
    if (!next || this.frozenAt) return;
    const wait = Math.min(Math.max(0, next.at - this.now().getTime()), LONGEST_TIMER_MS);
    this.timer = setTimeout(() => void this.turn(0), wait);
    this.timer.unref();
  }
}
