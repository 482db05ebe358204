import path from 'node:path';
import ssh2, { type Attributes, type Connection, type SFTPWrapper } from 'ssh2';
import type { SftpFaults, SftpOperation } from './sftp-faults.js';
import type { Entry, Shelf } from './shelf.js';

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp;

interface Handle {
  readonly at: string;
  /** What a folder has not yet said of itself. */
  unsaid?: string[];
}

/** Answers the requests of one SFTP session (draft-ietf-secsh-filexfer-02, version 3, as OpenSSH speaks it). */
export function serveSession(session: SFTPWrapper, connection: Connection, shelf: Shelf, faults: SftpFaults): void {
  const handles = new Map<number, Handle>();
  let nextHandle = 0;

  const open = (id: number, handle: Handle): void => {
    const number = nextHandle++;
    handles.set(number, handle);
    const name = Buffer.alloc(4);
    name.writeUInt32BE(number);
    session.handle(id, name);
  };
  const handleOf = (name: Buffer): Handle | undefined => handles.get(name.length === 4 ? name.readUInt32BE() : -1);
  const ok = (id: number): void => session.status(id, STATUS_CODE.OK);
  const missing = (id: number): void => session.status(id, STATUS_CODE.NO_SUCH_FILE);

  /** Answers, or fails as it was told to. */
  const answering = (operation: SftpOperation, id: number, answer: () => void): void => {
    const fault = faults.next(operation);
    if (!fault) return answer();
    if (fault.kind === 'refuse') return session.status(id, STATUS_CODE.PERMISSION_DENIED);
    if (fault.kind === 'slow') return void setTimeout(answer, fault.ms ?? 1000).unref();
    // What is answered into a connection that is gone never arrives.
    breakOff(connection);
    if (fault.kind === 'reply-lost') answer();
  };

  const stat = (id: number, given: string): void =>
    answering('stat', id, () => {
      const entry = shelf.entry(normal(given));
      if (entry) session.attrs(id, attributesOf(entry));
      else missing(id);
    });

  session.on('REALPATH', (id, given) => session.name(id, [nameOf(normal(given))]));
  session.on('STAT', stat);
  session.on('LSTAT', stat);
  session.on('FSTAT', (id, handle) => stat(id, handleOf(handle)?.at ?? '/nothing'));
  session.on('SETSTAT', ok);
  session.on('FSETSTAT', ok);

  session.on('OPENDIR', (id, given) =>
    answering('list', id, () => {
      const at = normal(given);
      if (shelf.entry(at)?.kind !== 'folder') return missing(id);
      open(id, { at, unsaid: shelf.names(at) });
    }),
  );
  session.on('READDIR', (id, name) => {
    const handle = handleOf(name);
    const next = handle?.unsaid?.splice(0, 100) ?? [];
    if (!handle || !next.length) return session.status(id, STATUS_CODE.EOF);
    const entries = next.flatMap((file) => {
      const entry = shelf.entry(path.posix.join(handle.at, file));
      return entry ? [nameOf(file, entry)] : [];
    });
    session.name(id, entries);
  });

  session.on('OPEN', (id, given, flags) => {
    const at = normal(given);
    const writes = (flags & OPEN_MODE.WRITE) !== 0;
    answering(writes ? 'write' : 'read', id, () => {
      const entry = shelf.entry(at);
      if (!writes && entry?.kind !== 'file') return missing(id);
      if (writes && !shelf.entry(path.posix.dirname(at))) return missing(id);
      if ((flags & OPEN_MODE.EXCL) !== 0 && entry) return session.status(id, STATUS_CODE.FAILURE);
      if (writes && ((flags & OPEN_MODE.TRUNC) !== 0 || !entry)) shelf.write(at, Buffer.alloc(0));
      open(id, { at });
    });
  });
  session.on('READ', (id, name, offset, length) => {
    const handle = handleOf(name);
    if (!handle) return missing(id);
    answering('read', id, () => {
      // Unlike OpenSSH's, this server forgets a file that is taken away while it is read: its reader must notice.
      const content = shelf.entry(handle.at) ? shelf.read(handle.at) : Buffer.alloc(0);
      const piece = content.subarray(offset, offset + length);
      if (piece.length) session.data(id, piece);
      else session.status(id, STATUS_CODE.EOF);
    });
  });
  session.on('WRITE', (id, name, offset, data) => {
    const handle = handleOf(name);
    if (!handle) return missing(id);
    answering('write', id, () => {
      const before = shelf.read(handle.at);
      const after = Buffer.alloc(Math.max(before.length, offset + data.length));
      before.copy(after);
      data.copy(after, offset);
      shelf.write(handle.at, after);
      ok(id);
    });
  });
  session.on('CLOSE', (id, name) => {
    if (name.length === 4) handles.delete(name.readUInt32BE());
    ok(id);
  });

  session.on('RENAME', (id, from, to) =>
    answering('rename', id, () => {
      if (!shelf.entry(normal(from)) || !shelf.entry(path.posix.dirname(normal(to)))) return missing(id);
      // As OpenSSH does: a rename never replaces.
      if (shelf.entry(normal(to))) return session.status(id, STATUS_CODE.FAILURE);
      shelf.rename(normal(from), normal(to));
      ok(id);
    }),
  );
  session.on('REMOVE', (id, given) =>
    answering('remove', id, () => {
      if (shelf.entry(normal(given))?.kind !== 'file') return missing(id);
      shelf.remove(normal(given));
      ok(id);
    }),
  );
  session.on('MKDIR', (id, given) => {
    shelf.makeFolder(normal(given));
    ok(id);
  });
  session.on('RMDIR', (id, given) => {
    if (shelf.names(normal(given)).length) return session.status(id, STATUS_CODE.FAILURE);
    shelf.remove(normal(given));
    ok(id);
  });
}

/** Ends the connection as a broken wire does: without a word. */
export function breakOff(connection: Connection): void {
  (connection as unknown as { _sock?: { destroy(): void } })._sock?.destroy();
}

export const normal = (given: string): string => path.posix.resolve('/', given);

const FILE_MODE = 0o100600;
const FOLDER_MODE = 0o040700;

function attributesOf({ kind, size, changedAt }: Entry): Attributes {
  const seconds = Math.floor(changedAt.getTime() / 1000);
  return {
    mode: kind === 'file' ? FILE_MODE : FOLDER_MODE,
    uid: 1000,
    gid: 1000,
    size,
    atime: seconds,
    mtime: seconds,
  };
}

function nameOf(filename: string, entry: Entry = { kind: 'folder', size: 0, changedAt: new Date(0) }) {
  const rights = entry.kind === 'file' ? '-rw-------' : 'drwx------';
  return {
    filename,
    longname: `${rights} 1 partner partner ${entry.size} Jan 1 00:00 ${filename}`,
    attrs: attributesOf(entry),
  };
}
