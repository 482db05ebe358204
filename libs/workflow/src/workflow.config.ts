import { isLoopback, setting } from '@concord/api';
import type { WorkflowAddress } from './restate.js';

/** Which Restate moves the runs, and how it reaches the workflows of this process. */
export class WorkflowConfig {
  @setting('RESTATE_INGRESS_URL', 'Ingress of a Restate server to use instead of the embedded one')
  ingressUrl = '';

  @setting('RESTATE_ADMIN_URL', 'Admin address of that Restate server')
  adminUrl = '';

  @setting(
    'RESTATE_IDENTITY_KEY',
    'Public key of that Restate server (publickeyv1_…): calls it did not sign are refused',
  )
  identityKey = '';

  @setting(
    'WORKFLOW_URL',
    'How Restate reaches the workflows of this process, or the balancer in front of several; loopback if not set',
  )
  workflowUrl = '';

  @setting('WORKFLOW_PORT', 'Port of the workflows; that of WORKFLOW_URL, or any free one, if not set', {
    min: 0,
    max: 65_535,
  })
  workflowPort = 0;
}

/** Throws where the settings do not go together, and where anybody on the network could call the workflows. */
export function checkedAddress({ ingressUrl, adminUrl, identityKey, ...config }: WorkflowConfig): WorkflowAddress {
  if (Boolean(ingressUrl) !== Boolean(adminUrl)) {
    throw new Error('RESTATE_INGRESS_URL and RESTATE_ADMIN_URL go together: set both or none');
  }
  const url = config.workflowUrl ? new URL(config.workflowUrl) : undefined;
  const isOpen = url !== undefined && !isLoopback(url.hostname);
  if (isOpen && !identityKey) throw new Error('WORKFLOW_URL is open to the network: set RESTATE_IDENTITY_KEY');
  return {
    url: url?.origin,
    host: isOpen ? '0.0.0.0' : '127.0.0.1',
    port: config.workflowPort || Number(url?.port ?? 0),
    identityKeys: identityKey ? [identityKey] : [],
  };
}
