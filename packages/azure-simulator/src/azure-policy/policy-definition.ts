import type { JsonObject } from '../resources/json.ts';
import type { PolicyRule } from './policy-rule.ts';

/** What a policy decides, built in or of somebody's own. */
export interface PolicyDefinition {
  /** ARM ID, without a scope for a built-in one. */
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly policyType: 'BuiltIn' | 'Custom';
  /** `Indexed`: only resources with tags and a region, so no resource groups. */
  readonly mode: string;
  readonly version: string;
  readonly description?: string;
  readonly metadata: JsonObject;
  /** As in the body: by name, with type and default. */
  readonly parameters: JsonObject;
  /** As in the body. */
  readonly policyRule: JsonObject;
  readonly rule: PolicyRule;
}
