import { configure } from '@concord/api';
import type { EhrConnector } from './connector.js';
import type { ConnectorParts } from './connectors/connector-parts.js';
import { FhirConnector } from './connectors/fhir/fhir.connector.js';
import { filesSettings } from './connectors/files/files.config.js';
import { FilesConnector } from './connectors/files/files.connector.js';
import { Hl7v2Config } from './connectors/hl7v2/hl7v2.config.js';
import { Hl7v2Connector } from './connectors/hl7v2/hl7v2.connector.js';
import { SandboxConnector } from './connectors/sandbox/sandbox.connector.js';

/** Every connector of the health record, by the word that `CONNECTOR_EHR` says. */
export const CONNECTORS = {
  sandbox: (parts) => new SandboxConnector(parts),
  fhir: (parts) => new FhirConnector(parts),
  files: (parts) => new FilesConnector(parts, filesSettings()),
  hl7v2: (parts) => new Hl7v2Connector(parts, configure(Hl7v2Config)),
} satisfies Record<string, (parts: ConnectorParts) => EhrConnector>;

export type ConnectorName = keyof typeof CONNECTORS;
export const CONNECTOR_NAMES = Object.keys(CONNECTORS) as ConnectorName[];
