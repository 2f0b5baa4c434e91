import type { ResourceBody, ResourceRecord } from './resource.ts';
import type { Tags } from './tags.ts';

interface Identified {
  readonly id: string;
  readonly name: string;
  readonly location: string;
}

/** A resource with a region and tags: what all kinds have alike. */
export abstract class TrackedResource<Spec extends Identified> implements ResourceRecord {
  abstract readonly type: string;
  readonly spec: Spec;
  tags: Tags | undefined;

  constructor(spec: Spec, tags?: Tags) {
    this.spec = spec;
    this.tags = tags;
  }

  get id(): string {
    return this.spec.id;
  }
  get name(): string {
    return this.spec.name;
  }
  get location(): string {
    return this.spec.location;
  }

  abstract body(): ResourceBody;

  /** How every body begins; without tags where there never were any. */
  protected head(): Omit<ResourceBody, 'properties'> {
    return {
      name: this.name,
      id: this.id,
      type: this.type,
      location: this.location,
      ...(this.tags ? { tags: this.tags } : {}),
    };
  }
}
