import type { ResourceBody } from '../resources/resource.ts';
import type { Tags } from '../resources/tags.ts';
import { TrackedResource } from '../resources/tracked-resource.ts';
import type { EventSchema } from './event.ts';
import type { EventTopic } from './event-topic.ts';
import type { TopicIdentity } from './topic-identity.ts';

export const CUSTOM_TOPIC_TYPE = 'Microsoft.EventGrid/topics';

interface CustomTopicSpec {
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly inputSchema: EventSchema;
  readonly metricResourceId: string;
}

/** A topic that anybody with a key or a role publishes to. */
export class CustomTopic extends TrackedResource<CustomTopicSpec> {
  readonly type = CUSTOM_TOPIC_TYPE;
  keys: Readonly<Record<'key1' | 'key2', string>>;
  /** Keys are refused then. */
  disableLocalAuth: boolean;
  identity: TopicIdentity | undefined;
  /** When its creation, or its change, is done; ms. */
  readyAt = 0;
  busy: 'Creating' | 'Updating' = 'Creating';

  constructor(
    spec: CustomTopicSpec,
    keys: CustomTopic['keys'],
    { tags, disableLocalAuth }: { readonly tags?: Tags; readonly disableLocalAuth: boolean },
  ) {
    super(spec, tags);
    this.keys = keys;
    this.disableLocalAuth = disableLocalAuth;
  }

  get hostname(): string {
    return `${this.name}.${this.location}-1.eventgrid.azure.net`.toLowerCase();
  }

  /** As event subscriptions see it. */
  get topic(): EventTopic {
    const { id, location } = this;
    const takesCloudEvents = this.spec.inputSchema === 'CloudEventSchemaV1_0';
    const topicType = 'Microsoft.EventGrid.Topics';
    return { id, source: id, kind: 'custom', topicType, location, takesCloudEvents };
  }

  body(): ResourceBody {
    const { inputSchema, metricResourceId } = this.spec;
    const provisioningState = this.readyAt <= Date.now() ? 'Succeeded' : this.busy;
    return {
      ...this.head(),
      ...(this.identity ? { identity: { ...this.identity } } : {}),
      properties: {
        provisioningState,
        endpoint: `https://${this.hostname}/api/events`,
        inputSchema,
        metricResourceId,
        publicNetworkAccess: 'Enabled',
        inboundIpRules: [],
        disableLocalAuth: this.disableLocalAuth,
        dataResidencyBoundary: 'WithinGeopair',
      },
    };
  }
}
