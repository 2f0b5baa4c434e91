import { z } from 'zod';
import { parseArmId, parseArmScope } from '../domain/azure/arm-id.ts';
import { EXEMPTABLE_CHECKS } from '../domain/gate/exemptable-checks.ts';
import type { SetType } from '../domain/policy/conversion-policy.ts';
import { DAYS, parseTimeOfDay } from '../domain/policy/maintenance-window.ts';
import { isTimeZone } from '../domain/policy/time-zone.ts';
import { parseUntil } from '../domain/policy/until.ts';
import { armIdPattern, SCOPE_PATTERN } from './arm-id-pattern.ts';

const Region = z.string().regex(/^[a-z0-9]+$/, 'must be a region such as westeurope');
const Subscription = z.guid().describe('Subscription ID.');

const ResourceGroup = z
  .string()
  .regex(/^[\p{L}\p{N}_.()-]{1,90}$/u, 'must be a resource group name');

/** Source: "Tag resources": names of at most 512 characters, without `<>%&\?/`; values of 256. */
const Tags = z
  .record(
    z
      .string()
      .max(512)
      .regex(/^[^<>%&\\?/]+$/, 'must be the name of a tag'),
    z.string().max(256),
  )
  .optional()
  .describe('Tags that must be there, each with its value.');

const EncryptionSetId = z
  .string()
  .refine(
    (id) => parseArmId(id)?.type === 'microsoft.compute/diskencryptionsets',
    'must be the ARM ID of a disk encryption set',
  )
  .meta({
    description: 'ARM ID of the disk encryption set.',
    pattern: armIdPattern('Microsoft.Compute/diskEncryptionSets'),
  });

const ScopeFile = z
  .strictObject({
    subscription: Subscription.optional(),
    managementGroup: z
      .string()
      .regex(/^[\w.()-]{1,90}$/, 'must be the ID of a management group')
      .optional()
      .describe('All subscriptions below it.'),
    resourceGroups: z
      .array(ResourceGroup)
      .min(1)
      .optional()
      .describe('Only these resource groups; absent: all.'),
    regions: z.array(Region).min(1).optional().describe('Only these regions; absent: all.'),
    tags: Tags,
  })
  .refine(
    ({ subscription, managementGroup }) =>
      (subscription === undefined) !== (managementGroup === undefined),
    { error: 'must name either a subscription or a managementGroup', when: isObject },
  )
  .meta({ oneOf: [{ required: ['subscription'] }, { required: ['managementGroup'] }] });

const SET_TYPES = [
  'EncryptionAtRestWithCustomerKey',
  'EncryptionAtRestWithPlatformAndCustomerKeys',
] as const satisfies readonly SetType[];

const SetRuleFile = z.strictObject({
  set: EncryptionSetId,
  regions: z.array(Region).min(1).optional().describe('Only disks in these regions.'),
  subscriptions: z.array(z.guid()).min(1).optional().describe('Only disks in these subscriptions.'),
  tags: Tags,
  encryptionType: z
    .enum(SET_TYPES)
    .optional()
    .describe("What the set's own type must be; only disks that can have it."),
});

const Text = z.string().trim().min(1);

const Owned = {
  scope: z
    .string()
    .refine(
      (id) => parseArmScope(id) !== null,
      'must be the ARM ID of a subscription, a resource group, a VM or a disk',
    )
    .meta({ description: 'ARM ID.', pattern: SCOPE_PATTERN }),
  owner: Text.describe('Who answers for it.'),
  reason: Text.describe('Why.'),
  until: z
    .string()
    .refine(
      (text) => parseUntil(text) !== null,
      'must be a date such as 2027-01-31, or a time with its zone such as 2027-01-31T18:00Z',
    )
    .describe('When it ends; a date counts to its end, in UTC.'),
};

const TimeOfDay = z
  .string()
  .refine((text) => parseTimeOfDay(text) !== null, 'must be a time such as 22:00');

const WindowFile = z
  .strictObject({
    days: z.array(z.enum(DAYS)).min(1).describe('On which it begins.'),
    from: TimeOfDay.refine((text) => text !== '24:00', 'must be before 24:00').describe('HH:MM.'),
    to: TimeOfDay.describe('HH:MM, not included; on the next day when it is not after `from`.'),
    timeZone: z
      .string()
      .refine(isTimeZone, 'must be an IANA time zone such as Europe/Amsterdam')
      .describe('IANA name.'),
  })
  .refine(({ from, to }) => from !== to, {
    error: 'must not end when it begins; a whole day is from 00:00 to 24:00',
    path: ['to'],
  });

const Limit = z.int().min(1).nullable();
const RiskAnswer = z.enum(['warn', 'block']);

/** The policy file: what keyturn may touch, and how. */
export const PolicyFile = z
  .strictObject({
    mode: z
      .enum(['report', 'enforce'])
      .default('report')
      .describe('report only says what would be done; enforce does it.'),
    scope: z.array(ScopeFile).default([]).describe('What may be touched; empty: nothing.'),
    exclusions: z
      .array(z.strictObject(Owned))
      .default([])
      .describe('What is left alone, until when, by whose word.'),
    encryptionSets: z
      .union([z.array(SetRuleFile), z.record(Region, EncryptionSetId)])
      .default([])
      .describe(
        'Region to the disk encryption set to use there; or rules, the most specific wins.',
      ),
    mayDeallocate: z
      .boolean()
      .default(false)
      .describe('Whether a running VM may be switched off, converted and started again.'),
    settleMinutes: z
      .number()
      .min(0)
      .max(1440)
      .default(10)
      .describe('How long a new VM is left alone, from its creation.'),
    keyExpiryMarginDays: z
      .number()
      .min(0)
      .max(365)
      .default(7)
      .describe('A key that expires sooner than this counts as expired.'),
    retryRefusedAfterHours: z
      .number()
      .min(0)
      .max(8760)
      .default(24)
      .describe('How long a VM or disk is left alone after Azure refused it.'),
    lookAgainAfterMinutes: z
      .number()
      .min(0)
      .max(1440)
      .default(60)
      .describe('How long the sweep leaves alone what something stands in the way of.'),
    when: z
      .enum(['at-once', 'in-window', 'on-approval', 'when-deallocated'])
      .default('at-once')
      .describe('When a running VM may be switched off.'),
    windows: z
      .array(WindowFile)
      .optional()
      .describe('Maintenance windows; a VM may have its own by the tag keyturn:window.'),
    approval: z
      .strictObject({
        deadlineHours: z.number().positive().max(8760).default(72),
        notByRequester: z.boolean().default(true),
      })
      .prefault({})
      .describe(
        'How long an approval is waited for and stands, and whether the requester may give it.',
      ),
    caps: z
      .strictObject({
        vms: Limit.default(10),
        perRegion: Limit.default(null),
        perAvailabilitySet: Limit.default(1),
        perZone: Limit.default(null),
        perEncryptionSet: Limit.default(null),
      })
      .prefault({})
      .describe('How many VMs may be off at once; null: no limit of its own.'),
    maxResources: Limit.default(500).describe('More to convert than this: nothing is done.'),
    maxPercent: z
      .number()
      .positive()
      .max(100)
      .nullable()
      .default(null)
      .describe('More to convert than this share of what is in scope: nothing is done.'),
    stopAfterFailures: Limit.default(5).describe(
      'Failed conversions within a day after which nothing more is begun.',
    ),
    risks: z
      .strictObject({
        'dynamic-public-ip': RiskAnswer.default('block'),
        'temporary-disk': RiskAnswer.default('warn'),
        spot: RiskAnswer.default('block'),
        'size-restricted': RiskAnswer.default('block'),
        'dedicated-host': RiskAnswer.default('warn'),
        'capacity-reservation': RiskAnswer.default('warn'),
        'proximity-placement-group': RiskAnswer.default('warn'),
        'scale-set-model': RiskAnswer.default('warn'),
        'site-recovery': RiskAnswer.default('warn'),
        'auto-shutdown': RiskAnswer.default('warn'),
        'backup-running': RiskAnswer.default('block'),
      })
      .prefault({})
      .describe('What a deallocation takes away or endangers: warn of it, or block.'),
    exemptions: z
      .array(z.strictObject({ check: z.enum(EXEMPTABLE_CHECKS), ...Owned }))
      .default([])
      .describe('Checks that do not stand in the way, until when, by whose word.'),
  })
  .meta({ title: 'keyturn policy', description: 'What keyturn may touch, and how.' });

export type PolicyFileContent = z.infer<typeof PolicyFile>;

/** The JSON Schema of the policy file, for editors. */
export function policyJsonSchema(): object {
  return z.toJSONSchema(PolicyFile, { io: 'input' });
}

function isObject({ value }: { readonly value: unknown }): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
