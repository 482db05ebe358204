import 'reflect-metadata';
import { configure, HostConfig, untilSignalled } from '@concord/api';
import { startGateway } from './gateway.js';
import { greeting } from './greeting.js';
import { bringWorkersToSimulator, startSimulators } from './simulators.js';

const began = performance.now();
const print = (part: string, line: string) => process.stdout.write(`${part.padEnd(10)} ${line}\n`);

await untilSignalled(async () => {
  const config = configure(HostConfig);
  bringWorkersToSimulator(config);
  const simulators = startSimulators(config);
  const gateway = await startGateway({ config, print }).catch(async (error: unknown) => {
    await simulators.stop();
    throw error;
  });
  simulators.tell(print);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  print('ready', `${gateway.url} after ${seconds} s`);
  process.stdout.write(greeting(gateway.url));
  return {
    stop: async () => {
      await gateway.stop(); // what waits to be sent may still be answered
      await simulators.stop();
    },
  };
});
