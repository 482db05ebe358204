/**
 * The stock of the sandbox. Adjustments can only be added: no statement changes or deletes one. That an adjustment was
 * reversed is said by the one that reverses it. A stock level is where the adjustments have led from the seeded count.
 */
export const SCHEMA = 'sandbox_supply_chain';

export const migrations = {
  '001-catalogue': `
    create schema sandbox_supply_chain;
    create table sandbox_supply_chain.item (
      id text primary key,
      gtin text unique,
      name text not null,
      stock_unit text not null,
      units jsonb not null,
      unit_cost numeric not null check (unit_cost >= 0),
      currency text not null,
      lot_tracked boolean not null
    );
    create table sandbox_supply_chain.location (
      code text primary key,
      facility text not null
    );
    create table sandbox_supply_chain.contract_price (
      contract text not null,
      supplier text not null,
      item_id text not null references sandbox_supply_chain.item,
      unit text not null,
      price numeric not null,
      currency text not null,
      primary key (item_id, contract, unit)
    );`,

  '002-stock': `
    create table sandbox_supply_chain.stock_level (
      location text not null references sandbox_supply_chain.location,
      item_id text not null references sandbox_supply_chain.item,
      on_hand numeric not null,
      par_level numeric not null,
      primary key (location, item_id)
    );
    create table sandbox_supply_chain.stock_adjustment (
      position bigint generated always as identity primary key,
      number text not null unique generated always as
        ('SA-' || lpad(position::text, greatest(6, length(position::text)), '0')) stored,
      business_key text not null unique,
      location text not null references sandbox_supply_chain.location,
      reference text not null,
      reason text not null,
      lines jsonb not null,
      value numeric not null,
      currency text not null,
      reverses text unique references sandbox_supply_chain.stock_adjustment (number),
      reversal_reason text,
      booked_at timestamptz not null
    );
    create index stock_adjustment_reference on sandbox_supply_chain.stock_adjustment (reference);

    create function sandbox_supply_chain.refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception 'a booked stock adjustment is never changed';
    end $$;
    create trigger stock_adjustment_is_final
      before update or delete or truncate on sandbox_supply_chain.stock_adjustment
      for each statement execute function sandbox_supply_chain.refuse_change();`,

  '003-lots': `
    create table sandbox_supply_chain.stock_lot (
      id text collate "C" primary key,
      location text not null references sandbox_supply_chain.location,
      item_id text not null references sandbox_supply_chain.item,
      lot text,
      serial text,
      expires_on date,
      received numeric not null
    );
    alter table sandbox_supply_chain.contract_price add column valid_from date, add column valid_to date;`,

  // What is booked lies in the order of its moment, so that a summary of each range of pages is index enough.
  '004-booked-since': `
    create index stock_adjustment_booked on sandbox_supply_chain.stock_adjustment using brin (booked_at);`,

  '005-changes': `
    alter table sandbox_supply_chain.item add column changed_at timestamptz not null default now();
    alter table sandbox_supply_chain.contract_price add column changed_at timestamptz not null default now();
    alter table sandbox_supply_chain.stock_level add column changed_at timestamptz not null default now();
    alter table sandbox_supply_chain.stock_lot add column changed_at timestamptz not null default now();`,

  // What lies of a lot is counted on as it moves, as it is of an item, so that nobody adds up what was booked to see it.
  '006-lots-counted': `
    alter table sandbox_supply_chain.stock_level drop column par_level;
    alter table sandbox_supply_chain.stock_lot rename column received to on_hand;
    insert into sandbox_supply_chain.stock_lot as lot (id, location, item_id, lot, on_hand, changed_at)
    select adjustment.location || ':' || (line ->> 'itemId') || ':' || (line ->> 'lot'), adjustment.location,
      line ->> 'itemId', line ->> 'lot', -sum((line ->> 'quantity')::numeric), max(adjustment.booked_at)
    from sandbox_supply_chain.stock_adjustment as adjustment, jsonb_array_elements(adjustment.lines) as line
    where line ->> 'lot' is not null
    group by 1, 2, 3, 4
    on conflict (id) do update set on_hand = lot.on_hand + excluded.on_hand,
      changed_at = greatest(lot.changed_at, excluded.changed_at);
    create index stock_lot_item on sandbox_supply_chain.stock_lot (item_id, location);
    create index stock_lot_changed on sandbox_supply_chain.stock_lot (changed_at);`,

  '007-transfers': `
    create table sandbox_supply_chain.stock_transfer (
      position bigint generated always as identity primary key,
      number text not null unique generated always as
        ('ST-' || lpad(position::text, greatest(6, length(position::text)), '0')) stored,
      business_key text not null unique,
      source text not null references sandbox_supply_chain.location,
      destination text not null references sandbox_supply_chain.location,
      reference text not null,
      lines jsonb not null,
      value numeric not null,
      currency text not null,
      reverses text unique references sandbox_supply_chain.stock_transfer (number),
      reversal_reason text,
      booked_at timestamptz not null
    );
    create index stock_transfer_reference on sandbox_supply_chain.stock_transfer (reference);
    create index stock_transfer_booked on sandbox_supply_chain.stock_transfer using brin (booked_at);
    create or replace function sandbox_supply_chain.refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception 'what is booked in the stock is never changed';
    end $$;
    create trigger stock_transfer_is_final
      before update or delete or truncate on sandbox_supply_chain.stock_transfer
      for each statement execute function sandbox_supply_chain.refuse_change();`,

  // Counted on with those of the documents, which the same stores have.
  '104-receipts': `
    create table sandbox_supply_chain.shipment_receipt (
      position bigint generated always as identity primary key,
      number text not null unique generated always as
        ('RC-' || lpad(position::text, greatest(6, length(position::text)), '0')) stored,
      business_key text not null unique,
      shipment text not null,
      order_id text not null,
      supplier text not null,
      location text not null references sandbox_supply_chain.location,
      lines jsonb not null,
      value numeric not null,
      currency text not null,
      reverses text unique references sandbox_supply_chain.shipment_receipt (number),
      reversal_reason text,
      booked_at timestamptz not null
    );
    create index shipment_receipt_shipment on sandbox_supply_chain.shipment_receipt (shipment);
    create index shipment_receipt_order on sandbox_supply_chain.shipment_receipt (order_id);
    create index shipment_receipt_booked on sandbox_supply_chain.shipment_receipt using brin (booked_at);
    create trigger shipment_receipt_is_final
      before update or delete or truncate on sandbox_supply_chain.shipment_receipt
      for each statement execute function sandbox_supply_chain.refuse_change();`,
};
