/** One small change of one source, that a test should notice. */
export interface Mutant extends Change {
  readonly id: number;
  readonly file: string;
  readonly line: number;
}

/** A piece of a source and what could stand there instead. */
export interface Change extends Range {
  readonly by: string;
  /** A removed statement is switched by `if`, all else by `?:`. */
  readonly isStatement?: boolean;
  /** What a shorthand member needs in front of its changed value. */
  readonly prefix?: string;
}

export interface Range {
  readonly start: number;
  readonly end: number;
}
