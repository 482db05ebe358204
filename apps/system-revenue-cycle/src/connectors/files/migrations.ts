/** Reports that are written and may not yet be with their reader. */
export const filesMigrations = {
  '001-report': `
    create schema revenue_cycle_files;
    create table revenue_cycle_files.report (
      sequence bigint generated always as identity primary key,
      name text not null unique,
      content bytea not null,
      sent boolean not null
    );
    create index report_waiting on revenue_cycle_files.report (sequence) where not sent;`,
};
