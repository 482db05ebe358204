import { apiId, startHost, type Host, type HostConfig } from '@concord/api';
import { workflowPart } from '@concord/workflow';
import { apis } from './apis.js';

interface GatewayOptions {
  readonly config?: HostConfig;
  readonly print?: (part: string, line: string) => void;
  readonly clock?: () => Date;
}

/** The gateway: every API in one process behind one port, with the workflow engine beside. */
export const startGateway = (options: GatewayOptions = {}): Promise<Host> => {
  const called = apis.filter(({ layer }) => layer === 'system').map(apiId);
  return startHost({ ...options, definitions: apis, parts: [workflowPart(called)] });
};
