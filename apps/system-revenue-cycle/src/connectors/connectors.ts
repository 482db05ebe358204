import { FilesConnector } from './files/files.connector.js';
import { SandboxConnector } from './sandbox/sandbox.connector.js';
import { X12Connector } from './x12/x12.connector.js';

/** Every connector of the revenue cycle, by the word that picks it in `CONNECTOR_REVENUE_CYCLE`. */
export const CONNECTORS = { sandbox: SandboxConnector, x12: X12Connector, files: FilesConnector };
