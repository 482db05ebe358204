/**
 * Statements that travel together. An answer comes back through an event loop that has other things to do, so under load a
 * transaction of ten statements, each awaited, spends most of its time, and of the locks that it holds, on the way. What
 * does not need the answer of the one before is sent right behind it; Postgres carries all out in their order.
 */
import {
  PostgresDialect,
  PostgresDriver,
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type PostgresDialectConfig,
  type QueryExecutorProvider,
  type TransactionSettings,
} from 'kysely';

/** A statement as `sql` or a query builder makes it. */
export interface Statement<Row = unknown> {
  compile(provider: QueryExecutorProvider): CompiledQuery<Row>;
}

type Rows<Statements extends readonly Statement[]> = {
  -readonly [At in keyof Statements]: Statements[At] extends Statement<infer Row> ? Row[] : never;
};

/** What was sent in the transaction of a connection and has not been looked at; nothing where there is no transaction. */
const unanswered = new WeakMap<DatabaseConnection, Promise<unknown>[]>();

/** Sends the statements without a pause between them, and gives the rows of each. */
export function together<const Statements extends readonly Statement[]>(
  tx: QueryExecutorProvider,
  ...statements: Statements
): Promise<Rows<Statements>> {
  const compiled = statements.map((statement) => statement.compile(tx));
  return tx.getExecutor().provideConnection(async (connection) => {
    const answers = await Promise.all(compiled.map((statement) => connection.executeQuery(statement)));
    return answers.map(({ rows }) => rows) as Rows<Statements>;
  });
}

/**
 * Sends statements whose answers the transaction does not need. It resolves once they are on their way; if one fails, so
 * does the commit, with its error. Outside of a transaction nobody would hear of it later: there it resolves once they
 * are done.
 */
export function sendAlong(tx: QueryExecutorProvider, ...statements: readonly Statement[]): Promise<void> {
  const compiled = statements.map((statement) => statement.compile(tx));
  return tx.getExecutor().provideConnection(async (connection) => {
    const sent = compiled.map((statement) => connection.executeQuery(statement));
    const awaited = unanswered.get(connection);
    if (awaited) awaited.push(...sent.map(heardByCommit));
    else await Promise.all(sent);
  });
}

function heardByCommit(sent: Promise<unknown>): Promise<unknown> {
  sent.catch(() => undefined); // not heard here, but by the commit
  return sent;
}

/** A transaction's `begin` travels with its first statement, and its `commit` with what was sent along. */
class PipeliningDriver extends PostgresDriver {
  override async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    // It fails only where the connection is lost, and all that is sent behind it with it.
    unanswered.set(connection, [heardByCommit(super.beginTransaction(connection, settings))]);
  }

  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    const sent = unanswered.get(connection) ?? [];
    unanswered.delete(connection);
    const outcomes = await Promise.allSettled([...sent, super.commitTransaction(connection)]);
    const failed = outcomes.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  }

  override async rollbackTransaction(connection: Parameters<PostgresDriver['rollbackTransaction']>[0]): Promise<void> {
    unanswered.delete(connection);
    // A connection on which this fails is thrown away with all that it began; what is to be heard is why it came to that.
    await super.rollbackTransaction(connection).catch(() => undefined);
  }
}

/** Postgres through connections that pipeline. */
export class PipeliningDialect extends PostgresDialect {
  constructor(private readonly config: PostgresDialectConfig) {
    super(config);
  }

  override createDriver(): Driver {
    return new PipeliningDriver(this.config);
  }
}
