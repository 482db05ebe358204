/** How the embedded Restate is set up: one node on one small machine, quiet, closed to others, calling nobody. */
export interface RestatePorts {
  readonly ingress: number;
  readonly admin: number;
  /** The port on which nodes would talk to each other. */
  readonly node: number;
}

/**
 * Any key of `restate-server --dump-config` is a variable: `RESTATE_`, upper case, `__` for each level. The server gets
 * these and nothing of our own environment, where an HTTP_PROXY would come between it and our services. How often a
 * service is tried again is the service's own affair.
 */
export const restateSettings = (ports: RestatePorts, temporary: string): Record<string, string> => ({
  PATH: '/usr/local/bin:/usr/bin:/bin',
  TMPDIR: temporary,

  // The name of the node is the name of its folder and stays; the number of partitions counts at the first start only.
  RESTATE_NODE_NAME: 'concord',
  RESTATE_CLUSTER_NAME: 'concord',
  RESTATE_DEFAULT_NUM_PARTITIONS: '4',

  RESTATE_LISTEN_MODE: 'tcp',
  RESTATE_BIND_IP: '127.0.0.1',
  RESTATE_ADVERTISED_HOST: '127.0.0.1',
  RESTATE_BIND_PORT: String(ports.node),
  RESTATE_INGRESS__BIND_PORT: String(ports.ingress),
  RESTATE_ADMIN__BIND_PORT: String(ports.admin),
  RESTATE_ADMIN__DISABLE_WEB_UI: 'true',

  RESTATE_ROCKSDB_TOTAL_MEMORY_SIZE: '256MiB',
  RESTATE_WORKER__INVOKER__MEMORY_LIMIT: '256MiB',
  RESTATE_ADMIN__QUERY_ENGINE__MEMORY_SIZE: '128MiB',
  RESTATE_BIFROST__RECORD_CACHE_MEMORY_SIZE: '32MiB',

  // `true` in words: with 1 the server refuses to start. What octocrab would log is a version check that may be offline.
  RESTATE_DISABLE_TELEMETRY: 'true',
  RESTATE_LOG_FILTER: 'warn,octocrab=off',
  RESTATE_LOG_FORMAT: 'compact',
  RESTATE_LOG_DISABLE_ANSI_CODES: 'true',
});
