import fs from 'node:fs';
import path from 'node:path';

/** What lies under one path. */
export interface Entry {
  readonly kind: 'file' | 'folder';
  readonly size: number;
  readonly changedAt: Date;
}

/** Where an SFTP server keeps its files. Paths are absolute, normal, and begin with `/`. */
export interface Shelf {
  entry(at: string): Entry | undefined;
  names(folder: string): string[];
  read(at: string): Buffer;
  write(at: string, content: Buffer): void;
  remove(at: string): void;
  rename(from: string, to: string): void;
  makeFolder(at: string): void;
}

/** Files that live as long as the server; folders are made as they are needed. */
export class MemoryShelf implements Shelf {
  private readonly files = new Map<string, { content: Buffer; changedAt: Date }>();
  private readonly folders = new Set<string>(['/']);

  entry(at: string): Entry | undefined {
    const file = this.files.get(at);
    if (file) return { kind: 'file', size: file.content.length, changedAt: file.changedAt };
    return this.folders.has(at) ? { kind: 'folder', size: 0, changedAt: new Date(0) } : undefined;
  }

  names(folder: string): string[] {
    const inside = [...this.files.keys(), ...this.folders].filter(
      (at) => at !== '/' && path.posix.dirname(at) === folder,
    );
    return inside.map((at) => path.posix.basename(at)).sort();
  }

  read(at: string): Buffer {
    return this.files.get(at)?.content ?? Buffer.alloc(0);
  }

  write(at: string, content: Buffer): void {
    this.makeFolder(path.posix.dirname(at));
    this.files.set(at, { content, changedAt: new Date() });
  }

  remove(at: string): void {
    this.files.delete(at);
    this.folders.delete(at);
  }

  rename(from: string, to: string): void {
    const file = this.files.get(from);
    if (!file) return;
    this.files.delete(from);
    this.files.set(to, file);
  }

  makeFolder(at: string): void {
    for (let each = at; !this.folders.has(each); each = path.posix.dirname(each)) this.folders.add(each);
  }
}

/** Files in a folder of this machine, where a person can look at them. */
export class FolderShelf implements Shelf {
  constructor(private readonly root: string) {
    fs.mkdirSync(root, { recursive: true, mode: 0o700 });
  }

  entry(at: string): Entry | undefined {
    const stat = fs.statSync(this.local(at), { throwIfNoEntry: false });
    return stat && { kind: stat.isDirectory() ? 'folder' : 'file', size: stat.size, changedAt: stat.mtime };
  }

  names(folder: string): string[] {
    return fs.readdirSync(this.local(folder)).sort();
  }

  read(at: string): Buffer {
    return fs.readFileSync(this.local(at));
  }

  write(at: string, content: Buffer): void {
    this.makeFolder(path.posix.dirname(at));
    fs.writeFileSync(this.local(at), content, { mode: 0o600 });
  }

  remove(at: string): void {
    fs.rmSync(this.local(at), { recursive: true });
  }

  rename(from: string, to: string): void {
    fs.renameSync(this.local(from), this.local(to));
  }

  makeFolder(at: string): void {
    fs.mkdirSync(this.local(at), { recursive: true, mode: 0o700 });
  }

  /** A normal absolute path has no `..` left, so nothing outside the root can be meant. */
  private local(at: string): string {
    return path.join(this.root, at);
  }
}
