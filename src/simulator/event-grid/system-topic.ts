import type { ResourceBody, ResourceRecord } from '../resources/resource.ts';
import type { TopicKind } from './event.ts';
import type { Subscribing } from './event-hub.ts';

export const TOPIC_TYPE = 'Microsoft.EventGrid/systemTopics';

/** Topic types that are simulated, in small letters. Source: "System topics in Azure Event Grid". */
export const TOPIC_KINDS: Readonly<Record<string, TopicKind>> = {
  'microsoft.resources.subscriptions': 'resources',
  'microsoft.resourcenotifications.resources': 'resource-notifications',
  'microsoft.keyvault.vaults': 'key-vault',
};

/** An event subscription as it was asked for, without the secret parts. */
export interface KnownSubscription {
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly subscribing: Subscribing;
}

interface TopicSpec {
  readonly id: string;
  readonly name: string;
  readonly kind: TopicKind;
  readonly source: string;
  /** `global` for the topic of a whole subscription. */
  readonly location: string;
  readonly topicType: string;
  readonly metricResourceId: string;
}

/** A system topic: the events of one source. */
export class SystemTopic implements ResourceRecord {
  readonly type = TOPIC_TYPE;
  readonly subscriptions = new Map<string, KnownSubscription>();
  readonly spec: TopicSpec;
  tags: Readonly<Record<string, string>> | undefined;

  constructor(spec: TopicSpec, tags: Readonly<Record<string, string>> | undefined) {
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

  body(): ResourceBody {
    const { id, name, source, topicType, metricResourceId } = this.spec;
    return {
      id,
      name,
      type: this.type,
      location: this.location,
      ...(this.tags ? { tags: this.tags } : {}),
      properties: { provisioningState: 'Succeeded', source, topicType, metricResourceId },
    };
  }
}
