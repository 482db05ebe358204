import path from 'node:path';
import { configure, type HostPart, type HostSurroundings, type PreparedPart } from '@concord/api';
import { migrate } from '@concord/database';
import { workflowMigrations } from './ledger-tables.js';
import { ExceptionDesk } from './exception-desk.js';
import { startRestate } from './embedded/restate.launcher.js';
import { RestateRuntime } from './restate.js';
import { Schedules } from './schedules.js';
import { RunRegister } from './run-register.js';
import { WorkflowRuntime, type Reachability } from './runtime.js';
import { checkedAddress, WorkflowConfig } from './workflow.config.js';

/** The workflow engine as a part of a host: Restate by its URLs, or the embedded one. */
export function workflowPart(apis: readonly string[]): HostPart {
  return {
    name: 'restate',
    begin: async ({ dataDir, print }) => {
      const config = configure(WorkflowConfig);
      const own = checkedAddress(config);
      const embedded = config.ingressUrl
        ? undefined
        : await startRestate({ dataDir: path.join(dataDir, 'restate'), log: () => undefined });
      const addresses = embedded ?? config;
      print(
        'restate',
        embedded
          ? `embedded, ${addresses.ingressUrl}${embedded.adopted ? ', adopted' : ''}`
          : `at ${config.ingressUrl}`,
      );
      return prepared(new RestateRuntime(addresses, own), apis, async () => embedded?.stop());
    },
  };
}

function prepared(restate: RestateRuntime, apis: readonly string[], end: () => Promise<void>): PreparedPart {
  let runtime: WorkflowRuntime | undefined;
  let schedules: Schedules | undefined;
  return {
    prepare: async ({ database, events, transports, clock }) => {
      await migrate(database, 'workflow', workflowMigrations);
      const reachability = reachabilityOf(apis, transports);
      runtime = new WorkflowRuntime({ database, events, restate, clock, reachability });
      const register = new RunRegister(database);
      const desk = new ExceptionDesk(database, runtime, clock);
      schedules = new Schedules(database, clock);
      return [
        { provide: WorkflowRuntime, useValue: runtime },
        { provide: RunRegister, useValue: register },
        { provide: ExceptionDesk, useValue: desk },
        { provide: Schedules, useValue: schedules },
      ];
    },
    schedule: (name, everyMs, work) => schedules?.schedule(name, { everyMs }, work),
    start: async () => {
      await runtime?.start();
      schedules?.start();
    },
    stop: async () => {
      await schedules?.stop();
      await runtime?.stop();
    },
    end,
  };
}

/** An API whose guard is not closed does not answer; it answers again when the guard closes. */
function reachabilityOf(apis: readonly string[], transports: HostSurroundings['transports']): Reachability {
  return {
    silentApis: () => apis.filter((api) => transports.guardOf(api).state !== 'closed'),
    onRecovered: (listener) => {
      for (const api of apis) {
        transports.guardOf(api).onStateChange((state) => {
          if (state === 'closed') listener(api);
        });
      }
    },
  };
}
