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
});
