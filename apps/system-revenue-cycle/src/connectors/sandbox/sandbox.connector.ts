import { BooksConnector } from '../../books/books.connector.js';

/** A revenue cycle platform inside our own Postgres. Nothing leaves it: payers answer only where a remittance is entered. */
export class SandboxConnector extends BooksConnector {}
