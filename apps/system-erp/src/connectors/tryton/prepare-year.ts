import { toWireDay } from '@concord/tryton';
import { one, type BooksToPrepare } from './books-to-prepare.js';

/** A calendar year, its months, and the numbers of what is posted and invoiced in it. */
export async function prepareYear(
  { tryton, entity, company, context, made }: BooksToPrepare,
  year: number,
): Promise<void> {
  const [start_date, end_date] = [toWireDay(`${year}-01-01`), toWireDay(`${year}-12-31`)];
  const overlapping = [
    ['company', '=', company],
    ['start_date', '<=', end_date],
    ['end_date', '>=', start_date],
  ];
  if (await tryton.first('account.fiscalyear', overlapping, ['name'], { context })) return;
  const name = `${entity.code} ${year}`;
  const typeOf = async (name: string) => (await tryton.first('ir.sequence.type', [['name', '=', name]], ['name']))?.id;
  const sequence = { company, padding: 6 };
  const moves = await typeOf('Account Move');
  const invoices = await typeOf('Invoice');
  const post_move_sequence = await one(
    tryton,
    'ir.sequence',
    { ...sequence, name: `Posted ${name}`, sequence_type: moves, prefix: `${entity.code}-${year}-` },
    context,
  );
  const strict = (kind: string, letters: string) =>
    one(
      tryton,
      'ir.sequence.strict',
      { ...sequence, name: `${kind} ${name}`, sequence_type: invoices, prefix: `${letters}-${entity.code}-${year}-` },
      context,
    );
  const invoiceSequences = {
    company,
    out_invoice_sequence: await strict('Customer invoice', 'CI'),
    out_credit_note_sequence: await strict('Customer credit', 'CC'),
    in_invoice_sequence: await strict('Supplier invoice', 'SI'),
    in_credit_note_sequence: await strict('Supplier credit', 'SC'),
  };
  const values = { name, company, start_date, end_date, post_move_sequence };
  const withInvoices = { ...values, invoice_sequences: [['create', [invoiceSequences]]] };
  const fiscalYear = await one(tryton, 'account.fiscalyear', withInvoices, context);
  await tryton.press('account.fiscalyear', 'create_period', [fiscalYear], context);
  made.push(`fiscal year ${name}`);
}
