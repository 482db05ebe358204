/** How the embedded Postgres is tuned: for one small machine, for data that must not be lost, and for a log without PHI. */
export const POSTGRES_SETTINGS: Readonly<Record<string, string>> = {
  // Reachable from this machine only, by password, over TCP.
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  password_encryption: 'scram-sha-256',

  max_connections: '300',
  shared_buffers: '128MB',
  jit: 'off',
  // The cores are few, and many wait for them: no statement takes more than one.
  max_parallel_workers_per_gather: '0',
  autovacuum: 'on',
  timezone: 'UTC',

  // A commit is on disk when it is answered. No replica reads our log, so it is kept small.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  max_wal_size: '512MB',

  // A refused statement may quote a patient's data in its message, so errors go to the caller and not to the log;
  // `log` is the level above them, at which Postgres still tells of starts, crashes and failed logins.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_statement: 'none',
  log_min_duration_statement: '-1',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_autovacuum_min_duration: '-1',
  log_checkpoints: 'off',
  log_timezone: 'UTC',
  logging_collector: 'off',
};

/** The settings as arguments of `postgres`. */
export const asArguments = (settings: Readonly<Record<string, string>>): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
