import 'reflect-metadata';
import { untilSignalled } from '@concord/api';
import { startGateway } from './gateway.js';
import { greeting } from './greeting.js';

const began = performance.now();
const print = (part: string, line: string) => process.stdout.write(`${part.padEnd(10)} ${line}\n`);

await untilSignalled(async () => {
  const gateway = await startGateway({ print });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  print('ready', `${gateway.url} after ${seconds} s`);
  process.stdout.write(greeting(gateway.url));
  return gateway;
});
