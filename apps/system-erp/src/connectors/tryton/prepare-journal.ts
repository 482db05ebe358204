import { one, type BooksToPrepare } from './books-to-prepare.js';

/** The journal is the same for all companies, the sequence of its numbers is set for each. */
export async function prepareJournal(
  { tryton, entity, context, made }: BooksToPrepare,
  code: string,
  type: 'general' | 'expense',
): Promise<void> {
  const byCode = [['code', '=', code]];
  const model = 'account.journal';
  const found = await tryton.first<{ sequence: number | null }>(model, byCode, ['sequence'], { context });
  if (found?.sequence) return;
  const [sequence_type] = await tryton.find('ir.sequence.type', [['name', '=', 'Account Journal']], ['name']);
  const name = `Journal ${code}`;
  const sequences = await tryton.find('ir.sequence', [['name', '=', name]], ['name'], { context });
  const sequence =
    sequences[0]?.id ??
    (await one(tryton, 'ir.sequence', { name, sequence_type: sequence_type?.id, company: null }, context));
  if (found) await tryton.write(model, found.id, { sequence }, context);
  else await one(tryton, model, { name: type === 'general' ? 'Concord' : 'Suppliers', code, type, sequence }, context);
  made.push(`journal ${code} in the books of ${entity.code}`);
}
