import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { z } from 'zod';
import { parseArmId } from '../domain/arm-id.ts';
import type { ConversionPolicy } from '../domain/conversion-policy.ts';

/** One mistake in a policy file. */
export interface PolicyProblem {
  /** From 1. */
  readonly line: number;
  /** Where in the file, e.g. `scope[0].subscription`. */
  readonly path: string;
  readonly message: string;
}

export type ParsedPolicy =
  | { readonly ok: true; readonly policy: ConversionPolicy }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

const SET_TYPE = 'microsoft.compute/diskencryptionsets';

const EncryptionSetId = z
  .string()
  .refine((id) => parseArmId(id)?.type === SET_TYPE, 'must be the ARM ID of a disk encryption set')
  .meta({ description: 'ARM ID of the disk encryption set.', pattern: setPattern() });

/** The policy file: what keyturn may touch, and how. */
const PolicyFile = z
  .strictObject({
    mode: z
      .enum(['report', 'enforce'])
      .default('report')
      .describe('report only says what would be done; enforce does it.'),
    scope: z
      .array(
        z.strictObject({
          subscription: z.guid().describe('Subscription ID.'),
          resourceGroups: z
            .array(z.string().regex(/^[\p{L}\p{N}_.()-]{1,90}$/u, 'must be a resource group name'))
            .min(1)
            .optional()
            .describe('Only these resource groups; absent: all of the subscription.'),
        }),
      )
      .default([])
      .describe('What may be touched; empty: nothing.'),
    encryptionSets: z
      .record(
        z.string().regex(/^[a-z0-9]+$/, 'must be a region such as westeurope'),
        EncryptionSetId,
      )
      .default({})
      .describe('Region to the disk encryption set to use there.'),
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
  })
  .meta({ title: 'keyturn policy', description: 'What keyturn may touch, and how.' });

/** JSON Schema knows no flag for case, and Azure's ids come in any. */
function setPattern(): string {
  const anyCase = (text: string): string =>
    text.replace(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
  const name = '[^/?#%]+';
  const [group, set] = ['/resourceGroups/', '/providers/Microsoft.Compute/diskEncryptionSets/'];
  return `^${anyCase('/subscriptions/')}[0-9a-fA-F-]{36}${anyCase(group)}${name}${anyCase(set)}${name}$`;
}

/** The JSON Schema of the policy file, for editors. */
export function policyJsonSchema(): object {
  return z.toJSONSchema(PolicyFile, { io: 'input' });
}

/** Reads a policy file; tells all its mistakes at once, each with its line. */
export function parsePolicy(text: string): ParsedPolicy {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    // What it warns about, a setting that is a map, is told as a mistake below.
    logLevel: 'error',
  });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ pos, message }) => ({
      line: lineAt(pos[0]),
      path: '',
      message: message.split('\n', 1)[0] ?? message,
    }));
    return { ok: false, problems };
  }
  const content = contentOf(document);
  if ('message' in content) {
    const { offset, message } = content;
    return { ok: false, problems: [{ line: lineAt(offset), path: '', message }] };
  }
  const parsed = PolicyFile.safeParse(content.value ?? {});
  if (!parsed.success) {
    const problems = parsed.error.issues.flatMap(mistakesOf).map(({ path, message }) => ({
      line: lineAt(offsetOf(document.contents, path)),
      path: written(path),
      message,
    }));
    return { ok: false, problems: problems.toSorted((a, b) => a.line - b.line) };
  }
  return { ok: true, policy: toPolicy(parsed.data) };
}

/** The document as plain data; a mistake for what the yaml package throws at, which is aliases. */
function contentOf(
  document: Document.Parsed,
): { value: unknown } | { offset: number; message: string } {
  try {
    return { value: document.toJS({ maxAliasCount: 20 }) };
  } catch (error) {
    let offset = 0;
    visit(document, {
      Alias(_, alias) {
        offset = alias.range?.[0] ?? 0;
        return alias.resolve(document) === undefined ? visit.BREAK : undefined;
      },
    });
    return { offset, message: error instanceof Error ? error.message : String(error) };
  }
}

function mistakesOf(issue: z.core.$ZodIssue): readonly { path: PropertyKey[]; message: string }[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...issue.path, key],
        message: 'is not a setting of the policy',
      }));
    case 'invalid_key':
      return issue.issues.map(({ message }) => ({ path: issue.path, message }));
    default:
      return [issue];
  }
}

function toPolicy({ scope, ...rest }: z.infer<typeof PolicyFile>): ConversionPolicy {
  return {
    ...rest,
    scope: scope.map(({ subscription, resourceGroups }) => ({
      subscriptionId: subscription,
      resourceGroups: resourceGroups ?? null,
    })),
  };
}

/** Where in the text the mistake stands: the member's own key, or the nearest thing around it. */
function offsetOf(root: Node | null, path: readonly PropertyKey[]): number {
  let offset = root?.range?.[0] ?? 0;
  let node: unknown = root;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
      if (!pair) return offset;
      offset = isScalar(pair.key) ? (pair.key.range?.[0] ?? offset) : offset;
      node = pair.value;
    } else {
      node = (node as { get?: (key: unknown, keep: true) => unknown })?.get?.(step, true);
      offset = (node as Node | undefined)?.range?.[0] ?? offset;
    }
  }
  return offset;
}

function written(path: readonly PropertyKey[]): string {
  return path
    .map((step, place) =>
      typeof step === 'number' ? `[${step}]` : `${place > 0 ? '.' : ''}${String(step)}`,
    )
    .join('');
}
