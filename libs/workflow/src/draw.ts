import type { Node, WorkflowDefinition } from './definition.js';

const SHAPES: Record<Node['kind'], readonly [string, string]> = {
  read: ['[/', '/]'],
  rule: ['(', ')'],
  step: ['[', ']'],
  approval: ['{{', '}}'],
  timer: ['((', '))'],
};

/** The workflow as a Mermaid flowchart: its nodes, and an arrow from each node to those that use what it gives. */
export function drawWorkflow({ nodes, startedBy, announce }: WorkflowDefinition): string {
  const names = new Set(nodes.map(({ name }) => name));
  const lines = ['flowchart TD', `  event>"${startedBy}"]`];
  for (const { name, kind } of nodes) {
    const [open, close] = SHAPES[kind];
    lines.push(`  ${id(name)}${open}"${kind}: ${name}"${close}`);
  }
  for (const { name, needs } of nodes) {
    const before = needs.filter((need) => names.has(need));
    if (needs.includes('event') || !before.length) lines.push(`  event --> ${id(name)}`);
    for (const need of before) lines.push(`  ${id(need)} --> ${id(name)}`);
  }
  if (announce) {
    lines.push(`  done>"${announce.type}"]`);
    for (const { name } of leavesOf(nodes)) lines.push(`  ${id(name)} --> done`);
  }
  return `${lines.join('\n')}\n`;
}

/** Nodes whose result no other node uses. */
const leavesOf = (nodes: readonly Node[]): Node[] =>
  nodes.filter(({ name }) => !nodes.some(({ needs }) => needs.includes(name)));

const id = (name: string): string => `node_${name.replaceAll(/\W/g, '_')}`;
