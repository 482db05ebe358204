import { JournalEntry } from './journal-entry.js';
import { Patient } from './patient.js';
import { financeContract, type HoldsPhi, type Phi } from './phi.js';

// What is below is checked by the compiler (`npm run types`): each line that must not compile says so, and is itself an
// error if it does compile.

class Named {
  name?: Phi<string>;
}
class Nested {
  subject!: { person: Named | undefined };
}
class Listed {
  aliases!: readonly Phi<string>[];
}
class Either {
  contact!: { code: string } | { phone: Phi<string> };
}
class Sent {
  subjects?: Patient[];
}
class Coded {
  codes!: readonly string[];
  amounts!: Record<string, { amount: string }>;
  at?: Date;
  body?: unknown;
  print(): void {}
}

const holds = <T>(answer: HoldsPhi<T>): HoldsPhi<T> => answer;

test('the compiler finds PHI wherever a shape holds it', () => {
  const found = [
    holds<Patient>(true),
    holds<Nested>(true),
    holds<Listed>(true),
    holds<Either>(true),
    holds<Sent>(true),
  ];
  const absent = [holds<JournalEntry>(false), holds<Coded>(false), holds<string>(false)];
  expect([...found, ...absent]).toEqual([true, true, true, true, true, false, false, false]);
});

test('a finance contract with PHI does not compile', () => {
  // @ts-expect-error a field is PHI
  financeContract(Named);
  // @ts-expect-error a field of a nested shape is PHI
  financeContract(Nested);
  // @ts-expect-error the items of a list are PHI
  financeContract(Listed);
  // @ts-expect-error one case of a union is PHI
  financeContract(Either);
  // @ts-expect-error a listed shape holds PHI
  financeContract(Sent);
  // @ts-expect-error the patient is PHI
  financeContract(Patient);
  // @ts-expect-error the mark stands above a class as well
  @financeContract
  class Statement {
    patient!: Phi<string>;
  }
  expect(new Statement()).toBeDefined();
});

test('a finance contract is the class itself', () => {
  expect(financeContract(Coded)).toBe(Coded);
  expect(financeContract(JournalEntry)).toBe(JournalEntry);
});
