import type { ResourceBody } from '../resources/resource.ts';
import { TrackedResource } from '../resources/tracked-resource.ts';
import type { TopicKind } from './event.ts';
import type { EventTopic } from './event-topic.ts';
import type { TopicIdentity } from './topic-identity.ts';

export const TOPIC_TYPE = 'Microsoft.EventGrid/systemTopics';

/** Topic types that are simulated, in small letters. Source: "System topics in Azure Event Grid". */
export const TOPIC_KINDS: Readonly<Record<string, TopicKind>> = {
  'microsoft.resources.subscriptions': 'resources',
  'microsoft.resources.resourcegroups': 'resources',
  'microsoft.resourcenotifications.resources': 'resource-notifications',
  'microsoft.keyvault.vaults': 'key-vault',
};

interface TopicSpec {
  readonly id: string;
  readonly name: string;
  readonly kind: TopicKind;
  readonly source: string;
  /** `global` for the topic of a whole subscription or group. */
  readonly location: string;
  readonly topicType: string;
  readonly metricResourceId: string;
}

/** A system topic: the events of one source. */
export class SystemTopic extends TrackedResource<TopicSpec> {
  readonly type = TOPIC_TYPE;
  identity: TopicIdentity | undefined;
  /** When its creation, or its change, is done; ms. */
  readyAt = 0;
  busy: 'Creating' | 'Updating' = 'Creating';

  /** As event subscriptions see it. */
  get topic(): EventTopic {
    return { ...this.spec, takesCloudEvents: false };
  }

  body(): ResourceBody {
    const { source, topicType, metricResourceId } = this.spec;
    const provisioningState = this.readyAt <= Date.now() ? 'Succeeded' : this.busy;
    return {
      ...this.head(),
      ...(this.identity ? { identity: { ...this.identity } } : {}),
      properties: { provisioningState, source, topicType, metricResourceId },
    };
  }
}
