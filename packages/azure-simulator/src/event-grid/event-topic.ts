import type { TopicKind } from './event.ts';

/** What has events: a topic, or the implicit one of a subscription, a group or a vault. */
export interface EventTopic {
  /** As its event subscriptions name it. */
  readonly id: string;
  /** Whose events they are; a custom topic's are its own. */
  readonly source: string;
  readonly kind: TopicKind;
  /** `Microsoft.EventGrid.Topics`, … */
  readonly topicType: string;
  readonly location: string;
  /** Whether CloudEvents are published to it, which cannot be delivered in the other schema. */
  readonly takesCloudEvents: boolean;
}
