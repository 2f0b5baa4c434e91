export type DiskStateName =
  | 'Unattached'
  | 'Attached'
  | 'Reserved'
  | 'Frozen'
  | 'ActiveSAS'
  | 'ActiveSASFrozen'
  | 'ReadyToUpload'
  | 'ActiveUpload';

export interface DiskEncryption {
  readonly type: string;
  readonly diskEncryptionSetId?: string;
}

/** What a disk is made of; the rest follows. */
export interface DiskSpec {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly zones?: readonly string[] | undefined;
  readonly sku: string;
  readonly sizeGB: number;
  readonly osType?: 'Linux' | 'Windows' | undefined;
  readonly encryption: DiskEncryption;
  /** The set's ID as whoever made the machine wrote it: the machine goes on saying it so. */
  readonly setAsNamed?: string | undefined;
  readonly uniqueId: string;
  readonly createdAt: number;
  readonly creationData: Readonly<Record<string, unknown>>;
  /** More properties as a GET gives them: `maxShares`, `securityProfile`, … */
  readonly more?: Readonly<Record<string, unknown>>;
  /** Encrypted by Azure Disk Encryption once; Azure remembers and shows it nowhere. */
  readonly previouslyAde?: boolean;
  /** A state that does not follow from an owner: a SAS, an upload, an owner that is no machine. */
  readonly fixedState?: DiskStateName | undefined;
  /** Owner outside the simulated machines, e.g. an instance of a uniform scale set. */
  readonly foreignOwner?: string | undefined;
}
