// What became of each encounter: posted and balanced, an exception with a cause, or (which must not be) neither.

const PARALLEL = 8;

/** Asks for every encounter through the front door: its run, its financials with the proof, its journal lines. */
export async function account({ operations, finance }, encounters) {
  const outcomes = await inParallel(encounters, (encounter) => outcomeOf({ operations, finance }, encounter));
  const causes = new Map();
  for (const { cause } of outcomes) if (cause) causes.set(cause, (causes.get(cause) ?? 0) + 1);
  const sum = (side) => outcomes.reduce((all, outcome) => all + (outcome[side] ?? 0n), 0n);
  const count = (state) => outcomes.filter((outcome) => outcome.state === state).length;
  return {
    encounters: encounters.length,
    posted: count('posted'),
    exceptions: count('exception'),
    unaccounted: count('unaccounted'),
    unbalanced: count('unbalanced') + (sum('debits') === sum('credits') ? 0 : 1),
    causes,
    debits: sum('debits'),
    credits: sum('credits'),
  };
}

async function outcomeOf({ operations, finance }, encounter) {
  const run = await operations.get(`/experience/operations/v1/runs/encounter-to-finance:${encounter}`);
  if (run.status !== 200) return { state: 'unaccounted' };
  if (run.body.status === 'parked') return { state: 'exception', cause: await causeOf(operations, run.body.id) };
  if (run.body.status !== 'completed') return { state: 'unaccounted' };
  const financials = await finance.get(`/experience/finance/v1/encounters/${encounter}/financials`);
  const entries = await operations.get(`/system/erp/v1/journal-entries?reference=${encounter}&page_size=500`);
  const lines = entries.body.items.flatMap((entry) => entry.lines);
  const side = (name) =>
    lines.filter((line) => line.side === name).reduce((all, { amount }) => all + cents(amount.amount), 0n);
  const balanced = financials.status === 200 && financials.body.balanced === true;
  return { state: balanced ? 'posted' : 'unbalanced', debits: side('debit'), credits: side('credit') };
}

async function causeOf(operations, run) {
  const { body } = await operations.get(`/experience/operations/v1/exceptions?run=${encodeURIComponent(run)}`);
  const [exception] = body.items;
  if (!exception) return 'no exception was raised';
  const { code, chargeCode } = exception.context ?? {};
  const about = chargeCode ?? code;
  return `${exception.owner}: ${exception.detail}${about ? ` (${about})` : ''}`;
}

const cents = (amount) => BigInt(Math.round(Number(amount) * 100));
const dollars = (amount) => `${amount / 100n}.${String(amount % 100n).padStart(2, '0')}`;

async function inParallel(inputs, work) {
  const outputs = new Array(inputs.length);
  let next = 0;
  const worker = async () => {
    while (next < inputs.length) {
      const index = next;
      next += 1;
      outputs[index] = await work(inputs[index]);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return outputs;
}

export function printAccount(result) {
  for (const [cause, count] of result.causes) console.log(`exception  ${count} × ${cause}`);
  if (result.unbalanced) console.log(`unbalanced ${result.unbalanced}`);
  const { encounters, posted, exceptions, unaccounted } = result;
  const money = `debits ${dollars(result.debits)}, credits ${dollars(result.credits)}`;
  console.log(
    `encounters ${encounters}, posted ${posted}, exceptions ${exceptions}, unaccounted ${unaccounted}, ${money}`,
  );
}
