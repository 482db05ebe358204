import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, IfMatch, Resource } from '@concord/api';
import { NewSupplier, type Page, Supplier, SupplierChange, SupplierValidation, pageOf } from '@concord/canonical';
import { Suppliers } from './ports/suppliers.port.js';
import { SupplierQuery } from './queries.js';
import { supplierValidationOf } from './supplier-validation.js';

export const SupplierPage = pageOf(Supplier);

@Resource('suppliers')
export class SuppliersController {
  constructor(private readonly suppliers: Suppliers) {}

  @Endpoint('POST', {
    scope: 'erp/supplier.write',
    summary: 'Add a supplier',
    status: 201,
    location: 'suppliers',
    answer: Supplier,
  })
  createSupplier(@BusinessKey() key: string, @Body() supplier: NewSupplier): Promise<Supplier> {
    return this.suppliers.createSupplier(key, supplier);
  }

  @Endpoint('GET :id', { scope: 'erp/supplier.read', summary: 'Read a supplier', answer: Supplier })
  readSupplier(@Param('id') id: string): Promise<Supplier> {
    return this.suppliers.readSupplier(id);
  }

  @Endpoint('GET', {
    scope: 'erp/supplier.read',
    summary: 'List suppliers by name, tax number and time of change',
    answer: SupplierPage,
  })
  listSuppliers(@Query() query: SupplierQuery): Promise<Page<Supplier>> {
    return this.suppliers.listSuppliers(query);
  }

  @Endpoint('PATCH :id', { scope: 'erp/supplier.write', summary: 'Change a supplier', answer: Supplier })
  changeSupplier(
    @IfMatch() revision: string,
    @BusinessKey() key: string,
    @Param('id') id: string,
    @Body() change: SupplierChange,
  ): Promise<Supplier> {
    return this.suppliers.changeSupplier(id, revision, change, key);
  }

  @Endpoint('GET :id/validation', {
    scope: 'erp/supplier.read',
    summary: 'Ask whether a supplier can be bought from and paid',
    answer: SupplierValidation,
  })
  async validateSupplier(@Param('id') id: string): Promise<SupplierValidation> {
    return supplierValidationOf(await this.suppliers.readSupplier(id));
  }
}
