import type { EhrConnector } from './connector.js';
import { Hl7v2Connector } from './connectors/hl7v2/hl7v2.connector.js';
import { SandboxConnector, type SandboxParts } from './connectors/sandbox/sandbox.connector.js';

/** What connectors of the health record are made of; each takes what it needs. */
export type ConnectorParts = SandboxParts;

/** Every connector of the health record, by the word that `CONNECTOR_EHR` says. */
export const CONNECTORS = {
  sandbox: (parts) => new SandboxConnector(parts),
  hl7v2: (parts) => new Hl7v2Connector(parts),
} satisfies Record<string, (parts: ConnectorParts) => EhrConnector>;

export type ConnectorName = keyof typeof CONNECTORS;
export const CONNECTOR_NAMES = Object.keys(CONNECTORS) as ConnectorName[];
