/** A file as a folder of the partner lists it. Its name may name a patient, so it is not logged. */
export interface RemoteFile {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  readonly modifiedAt: Date;
}

/** A file that was read to its end. */
export interface ReadFile extends RemoteFile {
  /** SHA-256 of the content, in hexadecimal. */
  readonly sha256: string;
}

/** A file whose content is here, whole. */
export interface TakenFile extends ReadFile {
  readonly content: Buffer;
}

const WRITING = /(^\.)|(\.(tmp|temp|part|partial|filepart|writing|inprogress|crdownload)$)/i;

/** By its name still being written: hidden, or with one of the suffixes that file transfer programs use meanwhile. */
export const isUnfinished = (name: string): boolean => WRITING.test(name);
