/**
 * The clients of a laptop: one for each kind of caller, with a secret that everybody knows. They exist only while the
 * gateway is bound to loopback, so that no reachable gateway ever has them.
 */
import type { ClientGrant } from './grant.js';

interface Reach {
  readonly facilities?: readonly string[];
}

const demo = (id: string, scopes: readonly string[], { facilities = ['*'] }: Reach = {}): ClientGrant => ({
  id,
  scopes,
  facilities,
  legalEntities: ['*'],
  secret: `demo-${id}`,
});

/** Who may do what in a demonstration. */
export const demoClients: readonly ClientGrant[] = [
  demo('clinic-portal', ['clinic/*']),
  demo('finance-portal', ['finance/*']),
  demo('supply-portal', ['supply/*']),
  demo('partner-acme', ['partner/*'], { facilities: ['CLINIC-NORTH'] }),
  // Operations shows the whole chain: it reads every system API, tells the sandboxes to fail, and settles what came broken.
  demo('operations', ['operations/*', '*/sandbox.control', '*/received-file.write', 'system:*/*.read']),
  demo('api-owner', ['api-products/*']),
  // Human resources may see what an employer keeps of a worker, pay included.
  demo('hr-portal', ['hcm/*']),
  // The billing office enters coverage and adjustments and sees whom a claim is for.
  demo('billing-office', ['revenue-cycle/*']),
  // Purchasing orders from suppliers and sees what they answer and invoice.
  demo('purchasing', ['supply-chain/*']),
  // Accounting keeps the books: suppliers, orders, invoices, journals, periods.
  demo('accounting', ['erp/*']),
  demo('ehr', ['ehr/inbound.write', 'ehr/message.write']),
];

/** A client whose secret is the published one, whoever put it into the list. */
export const isDemoClient = (client: ClientGrant): boolean =>
  'secret' in client && client.secret === `demo-${client.id}`;
