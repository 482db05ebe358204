import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { FaultInjection } from '@concord/resilience';
import type { ApiDefinition } from './definition.js';
import { openApiOf } from './open-api.js';
import { sandboxFaultsController, type NewFault } from './sandbox-faults.controller.js';

const Controls = sandboxFaultsController('erp');

@Module({ controllers: [Controls], providers: [FaultInjection] })
class SandboxModule {}

const erp: ApiDefinition = {
  layer: 'system',
  name: 'erp',
  version: 1,
  title: 'ERP',
  description: 'A sandbox',
  dataClass: 'finance',
  module: SandboxModule,
};

test('the fault controls of a sandbox ask for a scope of its own API, and for no key', async () => {
  const { paths } = await openApiOf(erp);
  const controls = Object.values(paths['/system/erp/v1/sandbox/faults']!) as {
    operationId: string;
    security: unknown;
    parameters: unknown[];
  }[];
  expect(controls.map(({ operationId }) => operationId).sort()).toEqual(['clearFaults', 'injectFault', 'listFaults']);
  for (const { security, parameters } of controls) {
    expect(security).toEqual([{ oauth2: ['erp/sandbox.control'] }]);
    expect((parameters as { required: boolean }[]).filter(({ required }) => required)).toEqual([]);
  }
});

test('a fault that is told waits, strikes, and is forgotten when the sandbox is made well', async () => {
  const faults = new FaultInjection();
  const controls = new Controls(faults) as {
    injectFault(fault: NewFault): void;
    listFaults(): { items: NewFault[] };
    clearFaults(): void;
  };
  const fault: NewFault = { operation: 'readItem', kind: 'rejected', times: 2 };
  controls.injectFault(fault);
  await expect(faults.around('readItem', () => Promise.resolve('answer'))).rejects.toMatchObject({
    slug: 'upstream-rejected',
  });
  expect(controls.listFaults().items).toEqual([{ ...fault, times: 1 }]);
  controls.clearFaults();
  expect(controls.listFaults().items).toEqual([]);
});
