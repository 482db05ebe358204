import { setting } from '@concord/api';

/** Where stock lies in Tryton. What each code names is looked up when the connector starts. */
export class TrytonStockConfig {
  @setting('TRYTON_STOCK_COMPANY', 'Tryton: party code of the company that owns the stock, for example HOSP')
  company = '';

  @setting('TRYTON_STOCK_ROOT', 'Tryton: code of the location below which the stock locations of Concord are')
  root = 'CONCORD-STOCK';

  @setting('TRYTON_STOCK_USED', 'Tryton: code of the location that what was used goes to, of type lost and found')
  used = 'CONCORD-USED';

  @setting(
    'TRYTON_STOCK_REQUESTER',
    'Tryton: party code of the employee in whose name locations ask for items; without one, requisitions are refused',
  )
  requester = '';
}
