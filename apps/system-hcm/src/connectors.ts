/** Which connectors there are. A new one is a folder, and a line here. */
import type { HcmConnector } from './connector.js';
import type { ConnectorParts } from './connectors/connector.parts.js';
import { FilesConnector } from './connectors/files/files.connector.js';
import { RestConnector } from './connectors/rest/rest.connector.js';
import { SandboxConnector } from './connectors/sandbox/sandbox.connector.js';
import type { HcmConfig } from './hcm.config.js';

export const CONNECTORS: Readonly<Record<HcmConfig['connector'], new (parts: ConnectorParts) => HcmConnector>> = {
  sandbox: SandboxConnector,
  rest: RestConnector,
  files: FilesConnector,
};
