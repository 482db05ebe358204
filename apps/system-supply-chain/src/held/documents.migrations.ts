/** The tables of `Documents`, in the schema of the connector that keeps them. */
export const documentMigrations = (schema: string) => ({
  '101-documents': `
    create schema if not exists ${schema};
    create table ${schema}.document (
      kind text not null,
      id text collate "C" not null,
      business_key text,
      body jsonb not null,
      revision bigint not null default 1,
      changed_at timestamptz not null,
      primary key (kind, id)
    );
    create unique index document_business_key on ${schema}.document (kind, business_key);
    create index document_changed on ${schema}.document (kind, changed_at);
    create sequence ${schema}.document_number;`,

  // What is still to come is asked for with every need and availability; what has come stays for good.
  '102-open': `
    create index document_open_order on ${schema}.document ((body ->> 'deliverTo'))
      where kind = 'order' and body ->> 'status' not in ('rejected', 'cancelled', 'shipped');
    create index document_open_requisition on ${schema}.document ((body ->> 'location'))
      where kind = 'requisition' and body ->> 'status' = 'open';`,

  // What was sent off is to come until it was received; before, nobody could say that it was.
  '103-received': `
    update ${schema}.document set body = body || jsonb_build_object('lines', (
        select coalesce(jsonb_agg(line || '{"received": "0"}' order by number), '[]')
        from jsonb_array_elements(body -> 'lines') with ordinality as each (line, number)
      )) || case kind when 'order' then '{"allReceived": false}'::jsonb else '{"status": "shipped"}'::jsonb end
    where kind in ('order', 'shipment');
    drop index ${schema}.document_open_order;
    create index document_open_order on ${schema}.document ((body ->> 'deliverTo'))
      where kind = 'order' and body ->> 'status' not in ('rejected', 'cancelled') and body ->> 'allReceived' = 'false';`,
});
