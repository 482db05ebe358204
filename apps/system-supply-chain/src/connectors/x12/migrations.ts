/**
 * What was sent and what came. A control number is given in the transaction that keeps the file under it, so that none is
 * skipped and none is used twice. Files are kept as they were: an order holds nothing of a patient.
 */
export const x12Migrations = {
  '001-exchange': `
    create schema supply_chain_x12;
    create table supply_chain_x12.control_number (
      partner text not null,
      kind text not null,
      last bigint not null,
      primary key (partner, kind)
    );
    create table supply_chain_x12.sent_file (
      partner text not null,
      interchange bigint not null,
      functional_group bigint not null,
      kind text not null,
      order_id text,
      name text not null unique,
      content bytea not null,
      written_at timestamptz not null,
      sent_at timestamptz,
      primary key (partner, interchange)
    );
    create index sent_file_waiting on supply_chain_x12.sent_file (written_at) where sent_at is null;
    create index sent_file_group on supply_chain_x12.sent_file (partner, functional_group);
    create table supply_chain_x12.received (
      partner text not null,
      control_number text not null,
      sha256 text not null,
      outcome text not null,
      faults jsonb not null,
      content bytea not null,
      received_at timestamptz not null,
      primary key (partner, control_number, sha256)
    );
    create table supply_chain_x12.invoice (
      supplier text not null,
      number text not null,
      order_id text,
      invoiced_on date not null,
      total numeric not null,
      lines jsonb not null,
      primary key (supplier, number)
    );
    create table supply_chain_x12.supplier_stock (
      supplier text not null,
      supplier_item_number text not null,
      available numeric not null,
      unit text,
      as_of timestamptz not null,
      primary key (supplier, supplier_item_number)
    );`,

  // What suppliers invoice and have is a document of ours, as it is behind every connector.
  '002-no-copies': `
    drop table supply_chain_x12.invoice;
    drop table supply_chain_x12.supplier_stock;`,

  // An 860 changes or cancels; a 997 that turns it away names its group only.
  '003-about': `
    alter table supply_chain_x12.sent_file add column about text;
    update supply_chain_x12.sent_file set about = case kind when '850' then 'order' else 'cancellation' end
    where kind in ('850', '860');`,
};
