/**
 * Jobs and their entries. What was sent is kept until its entry is through, and sealed; a fault
 * names members and codes, never values.
 */
export const bulkMigration = `
  create table api.job (
    id text primary key,
    api text not null,
    resource text not null,
    client text not null,
    business_key text not null,
    correlation_id text not null,
    total int not null,
    done int not null default 0,
    failed int not null default 0,
    created_at timestamptz not null default now(),
    changed_at timestamptz not null default now(),
    started_at timestamptz,
    cancelled_at timestamptz,
    ended_at timestamptz,
    worker text,
    leased_until timestamptz,
    resume_at timestamptz,
    worked_at timestamptz,
    unique (api, resource, business_key)
  );
  create index job_unfinished on api.job (api, worked_at nulls first, id) where ended_at is null;
  create index job_of_client on api.job (api, client, id);
  create index job_age on api.job (created_at);
  create table api.job_item (
    job text not null references api.job on delete cascade,
    line int not null,
    state text not null default 'waiting',
    attempts int not null default 0,
    entry bytea,
    fault jsonb,
    primary key (job, line)
  );
  create index job_item_waiting on api.job_item (job, attempts, line) where state = 'waiting';
  create index job_item_failed on api.job_item (job, line) where state = 'failed';`;
