/** What is changed by its revision can be repeated: other platforms keep no keys of changes, so that this is known here. */
import type { PurchaseOrderLine } from '@concord/canonical';
import type { ChangeAttempts } from '@concord/resilience';
import type { ErpPorts } from '../connector.js';

/** The same ports, whose changes keep their promise of a business key. */
export function repeatableChanges<Ports extends Partial<ErpPorts>>(ports: Ports, attempts: ChangeAttempts): Ports {
  const { suppliers, requisitions, purchaseOrders } = ports;
  return {
    ...ports,
    ...(suppliers && {
      suppliers: extended(suppliers, {
        changeSupplier: (id, expected, change, businessKey) =>
          attempts.repeatable(`suppliers/${id}`, businessKey, change, {
            make: () => suppliers.changeSupplier(id, expected, change),
            read: () => suppliers.readSupplier(id),
          }),
      }),
    }),
    ...(requisitions && {
      requisitions: extended(requisitions, {
        changeRequisition: (id, expected, change, businessKey) =>
          attempts.repeatable(`requisitions/${id}`, businessKey, change, {
            make: () => requisitions.changeRequisition(id, expected, change),
            read: () => requisitions.readRequisition(id),
          }),
      }),
    }),
    ...(purchaseOrders && {
      purchaseOrders: extended(purchaseOrders, {
        changePurchaseOrder: (id, expected, change, businessKey) =>
          attempts.repeatable(`purchase-orders/${id}`, businessKey, change, {
            make: () => purchaseOrders.changePurchaseOrder(id, expected, change),
            read: () => purchaseOrders.readPurchaseOrder(id),
            asked: (order) => ({ ...order, lines: order.lines.map(orderedOf) }),
          }),
      }),
    }),
  };
}

/** What a line orders, without what has become of it. */
const orderedOf = ({ line: _, received: _r, invoiced: _i, amount: _a, ...ordered }: PurchaseOrderLine) => ordered;

/** A port with some of its verbs anew. */
const extended = <Port extends object>(port: Port, verbs: Partial<Port>): Port =>
  Object.assign(Object.create(port) as Port, verbs);
