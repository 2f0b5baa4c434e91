/** An ARM resource as a GET gives it. */
export interface ResourceBody {
  readonly name: string;
  readonly id: string;
  readonly type: string;
  readonly location: string;
  tags?: Readonly<Record<string, string>>;
  readonly zones?: readonly string[];
  readonly managedBy?: string;
  readonly sku?: { readonly name: string; readonly tier?: string };
  readonly identity?: Readonly<Record<string, unknown>>;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What every kind of resource offers to the services that treat all kinds alike. */
export interface ResourceRecord {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly location: string;
  tags: Readonly<Record<string, string>> | undefined;
  /** The body as a GET gives it now, with the group's own casing. */
  body(): ResourceBody;
}
