/**
 * What was sent and what came. A control number is given in the transaction that stores the file under it, so that none is
 * skipped and none is used twice; and a claim stands in one file for each purpose, so that it is never written again.
 */
export const x12Migrations = {
  '001-exchange': `
    create schema revenue_cycle_x12;
    create table revenue_cycle_x12.control_number (
      partner text not null,
      kind text not null,
      last bigint not null,
      primary key (partner, kind)
    );
    create table revenue_cycle_x12.sent_file (
      partner text not null,
      interchange bigint not null,
      name text not null,
      content bytea not null,
      state text not null,
      written_at timestamptz not null,
      sent_at timestamptz,
      primary key (partner, interchange)
    );
    create index sent_file_waiting on revenue_cycle_x12.sent_file (partner, interchange) where state = 'written';
    create table revenue_cycle_x12.sent_claim (
      claim bigint not null,
      purpose text not null,
      partner text not null,
      interchange bigint not null,
      functional_group bigint not null,
      set_number text not null,
      primary key (claim, purpose),
      unique (partner, functional_group, set_number)
    );
    create table revenue_cycle_x12.received (
      partner text not null,
      sender text not null,
      control_number text not null,
      sha256 text not null,
      outcome text not null,
      faults jsonb not null,
      received_at timestamptz not null,
      primary key (partner, sender, control_number)
    );`,
};
