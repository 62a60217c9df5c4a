/** A part of the program, and which one it is. */
export interface Version {
  readonly name: string;
  readonly version: string;
}

/** What a part of the data takes up. */
export interface StoredSize {
  /** A folder's name, or what its files are. */
  readonly name: string;
  readonly bytes: number;
  readonly files: number;
  /** Whether there were too many files to look at all of them. */
  readonly isPartial: boolean;
}

/** What is installed on this machine, and what it takes up. */
export interface Installation {
  versions(): readonly Version[];
  /** The largest first. */
  sizes(): Promise<readonly StoredSize[]>;
}
