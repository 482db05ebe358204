// A contract in the order it is committed in: paths and components by name, so that a moved class makes no diff; fields
// of a shape as they are declared, because that order is meant.

const METHODS = ['parameters', 'get', 'head', 'post', 'put', 'patch', 'delete'];
const SECTIONS = ['openapi', 'info', 'servers', 'tags', 'security', 'paths', 'webhooks', 'components'];

const inOrder = (node, names) => {
  const rank = (name) => (names.includes(name) ? names.indexOf(name) : names.length);
  return Object.fromEntries(Object.entries(node).sort(([a], [b]) => rank(a) - rank(b)));
};

const byName = (node) => Object.fromEntries(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));

const mapped = (node, change) => Object.fromEntries(Object.entries(node).map(([name, part]) => [name, change(part)]));

export function ordered(document) {
  return inOrder(
    {
      ...document,
      paths: mapped(byName(document.paths), (item) => inOrder(item, METHODS)),
      ...(document.components ? { components: mapped(byName(document.components), byName) } : {}),
    },
    SECTIONS,
  );
}
