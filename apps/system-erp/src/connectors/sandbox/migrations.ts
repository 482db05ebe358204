/**
 * The books of the sandbox. The journal can only grow: no statement changes or deletes an entry, and Postgres itself
 * refuses one whose debits and credits differ, whoever writes it. That an entry was reversed is said by the entry that
 * reverses it.
 */
export const migrations = {
  '001-ledger-structure': `
    create schema sandbox_erp;
    create table sandbox_erp.legal_entity (
      code text primary key,
      name text not null,
      currency text not null
    );
    create table sandbox_erp.cost_center (
      code text primary key,
      name text not null,
      legal_entity text not null references sandbox_erp.legal_entity,
      facility text not null,
      region text not null,
      service_line text not null,
      physician_group text
    );
    create table sandbox_erp.account (
      code text primary key,
      name text not null,
      kind text not null
    );
    create table sandbox_erp.fiscal_period_override (
      legal_entity text not null references sandbox_erp.legal_entity,
      code text not null,
      status text not null check (status in ('open', 'closed')),
      primary key (legal_entity, code)
    );`,

  '002-journal': `
    create function sandbox_erp.is_balanced(lines jsonb, total numeric, currency text) returns boolean
    language plpgsql immutable as $$
    declare
      line jsonb;
      amount numeric;
      debits numeric := 0;
      credits numeric := 0;
    begin
      -- A loop over the array takes a third of the time of an aggregate over its elements.
      for index in 0 .. jsonb_array_length(lines) - 1 loop
        line := lines -> index;
        amount := (line #>> '{amount,amount}')::numeric;
        -- NaN is greater than every number, but has no scale.
        if (amount > 0 and min_scale(amount) <= 2 and line #>> '{amount,currency}' = currency) is not true then
          return false;
        end if;
        case line ->> 'side'
          when 'debit' then debits := debits + amount;
          when 'credit' then credits := credits + amount;
          else return false;
        end case;
      end loop;
      return debits > 0 and debits = total and credits = total;
    end $$;

    create table sandbox_erp.journal_entry (
      position bigint generated always as identity primary key,
      number text not null unique generated always as
        ('JE-' || lpad(position::text, greatest(6, length(position::text)), '0')) stored,
      business_key text not null unique,
      legal_entity text not null references sandbox_erp.legal_entity,
      accounting_date date not null,
      reference text not null,
      description text not null,
      currency text not null,
      total numeric not null,
      lines jsonb not null,
      reverses text unique references sandbox_erp.journal_entry (number),
      posted_at timestamptz not null,
      constraint balanced check (coalesce(sandbox_erp.is_balanced(lines, total, currency), false))
    );
    create index journal_entry_reference on sandbox_erp.journal_entry (reference);
    create index journal_entry_date on sandbox_erp.journal_entry (legal_entity, accounting_date);
    create index journal_entry_posted on sandbox_erp.journal_entry (posted_at);

    create function sandbox_erp.refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception 'a posted journal entry is never changed';
    end $$;
    create trigger journal_entry_is_final before update or delete or truncate on sandbox_erp.journal_entry
      for each statement execute function sandbox_erp.refuse_change();`,

  '003-changes': `
    alter table sandbox_erp.legal_entity add changed_at timestamptz not null default now();
    alter table sandbox_erp.account add changed_at timestamptz not null default now();
    alter table sandbox_erp.cost_center add changed_at timestamptz not null default now(), add closed_on date;
    alter table sandbox_erp.fiscal_period_override add changed_at timestamptz not null default now(),
      add version integer not null default 1, add reason text;`,

  '004-documents': `
    create table sandbox_erp.document (
      kind text not null,
      id text collate "C" not null,
      business_key text,
      version integer not null default 1,
      changed_at timestamptz not null,
      body jsonb not null,
      primary key (kind, id),
      unique (kind, business_key)
    );
    create index document_body on sandbox_erp.document using gin (body jsonb_path_ops);
    create index document_changed on sandbox_erp.document (kind, changed_at);
    create table sandbox_erp.last_number (kind text primary key, number bigint not null);`,
};
