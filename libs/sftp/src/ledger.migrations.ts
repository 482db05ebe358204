/**
 * What was taken from a partner and what was put there. `taken` holds each content once a name; `put` holds each name
 * once, with how far it came: `begun` (nothing is certain), `uploaded` (whole, under its temporary name), `written`.
 */
export const mailboxMigrations = {
  '001-ledger': `
    create schema sftp;
    create table sftp.taken (
      partner text not null,
      name text not null,
      size bigint not null,
      sha256 text not null,
      taken_at timestamptz not null,
      primary key (partner, name, size, sha256)
    );
    create index taken_age on sftp.taken (taken_at);
    create table sftp.put (
      partner text not null,
      name text not null,
      size bigint not null,
      sha256 text not null,
      state text not null,
      leased_until timestamptz,
      begun_at timestamptz not null,
      primary key (partner, name)
    );
    create index put_age on sftp.put (begun_at);`,
};
