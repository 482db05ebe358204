import type { CostCenter } from '@concord/canonical';
import { one, type BooksToPrepare } from './books-to-prepare.js';
import { noteOf } from './structure.mapping.js';

/** Cost centers below one root, each with its dimensions in its note. */
export async function prepareCostCenters(books: BooksToPrepare, centers: readonly CostCenter[]): Promise<void> {
  const { tryton, binding, entity, company, context, made } = books;
  const model = 'analytic_account.account';
  const own = ['company', '=', company];
  const name = binding.costCenterRoot;
  const found = await tryton.first(model, [own, ['type', '=', 'root'], ['name', '=', name]], ['name'], { context });
  const root = found?.id ?? (await one(tryton, model, { name, type: 'root', company, state: 'opened' }, context));
  const there = await tryton.all<{ code: string; note: string | null }>(
    model,
    [own, ['root', '=', root], ['type', '=', 'normal']],
    ['code', 'note'],
    context,
  );
  const known = new Map(there.map((center) => [center.code, center]));
  const missing = centers.filter(({ code }) => !known.has(binding.costCenters.theirs(code)));
  if (missing.length) {
    const values = missing.map((center) => ({
      code: binding.costCenters.theirs(center.code),
      name: center.name,
      note: noteOf(center),
      type: 'normal',
      state: 'opened',
      root,
      parent: root,
      company,
    }));
    await tryton.create(model, values, context);
    made.push(`${missing.length} cost centers of ${entity.code}`);
  }
  for (const center of centers) {
    const bound = known.get(binding.costCenters.theirs(center.code));
    if (!bound || bound.note) continue;
    await tryton.write(model, bound.id, { note: noteOf(center) }, context);
    made.push(`dimensions of cost center ${center.code}`);
  }
}
