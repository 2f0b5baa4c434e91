import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { DEFAULT_POLICY, type PolicyProblem, parsePolicy } from '../../src/policy/parse-policy.ts';
import { policyJsonSchema } from '../../src/policy/policy-file.ts';
import { diskId, SUBSCRIPTION, setId } from '../support/builders.ts';

const SET_ID = setId('des-weu');

const WHOLE = `# What keyturn may touch.
mode: enforce
scope:
  - subscription: ${SUBSCRIPTION}
    resourceGroups: [rg-erp, "rg(1)_é.x"]
  - subscription: ${SUBSCRIPTION.toUpperCase()}
encryptionSets:
  westeurope: ${SET_ID}
  eastus2: ${SET_ID}
mayDeallocate: true
settleMinutes: 0
keyExpiryMarginDays: 365
retryRefusedAfterHours: 0.5
`;

function problemsOf(text: string): readonly PolicyProblem[] {
  const parsed = parsePolicy(text);
  return parsed.ok ? [] : parsed.problems;
}

describe('a policy file', () => {
  test('that says everything is read as it stands', () => {
    expect(parsePolicy(WHOLE)).toEqual({
      ok: true,
      policy: {
        mode: 'enforce',
        scope: [
          { subscriptionId: SUBSCRIPTION, resourceGroups: ['rg-erp', 'rg(1)_é.x'] },
          { subscriptionId: SUBSCRIPTION.toUpperCase(), resourceGroups: null },
        ],
        encryptionSets: { westeurope: SET_ID, eastus2: SET_ID },
        mayDeallocate: true,
        settleMinutes: 0,
        keyExpiryMarginDays: 365,
        retryRefusedAfterHours: 0.5,
      },
    });
  });

  test.for<[what: string, text: string]>([
    ['empty', ''],
    ['blank', '\n \n'],
    ['nothing but a comment', '# later'],
    ['null', '~'],
    ['an empty object', '{}'],
    ['a document without content', '---\n...\n'],
  ])('that is %s touches nothing and only reports', ([, text]) => {
    expect(parsePolicy(text)).toEqual({
      ok: true,
      policy: {
        mode: 'report',
        scope: [],
        encryptionSets: {},
        mayDeallocate: false,
        settleMinutes: 10,
        keyExpiryMarginDays: 7,
        retryRefusedAfterHours: 24,
      },
    });
  });

  test('may be JSON, have a byte order mark, or end its lines as Windows does', () => {
    const policy = { mode: 'enforce', encryptionSets: { westeurope: SET_ID } };

    expect(parsePolicy(JSON.stringify(policy))).toMatchObject({ ok: true, policy });
    expect(parsePolicy(`\ufeff${WHOLE}`)).toEqual(parsePolicy(WHOLE));
    expect(parsePolicy(WHOLE.replaceAll('\n', '\r\n'))).toEqual(parsePolicy(WHOLE));
  });

  test('may repeat itself with an alias', () => {
    const text = `encryptionSets:\n  westeurope: &set ${SET_ID}\n  eastus: *set\n`;

    expect(parsePolicy(text)).toMatchObject({
      policy: { encryptionSets: { westeurope: SET_ID, eastus: SET_ID } },
    });
  });
});

describe('tells a mistake with its line and place', () => {
  test.for<[line: number, path: string, message: string, text: string]>([
    [1, 'mode', 'report', 'mode: enforced'],
    [1, 'mode', 'report', 'mode: Report'],
    [2, 'mod', 'is not a setting', '\nmod: report'],
    [3, '1', 'is not a setting', '# a\n# b\n1: report'],
    [1, '__proto__', 'is not a setting', '__proto__: {}'],
    [1, 'constructor', 'is not a setting', 'constructor: {}'],
    [1, 'scope', 'array', 'scope: all'],
    [1, 'scope', 'array', 'scope:'],
    [2, 'scope[0]', 'object', `scope:\n  - ${SUBSCRIPTION}`],
    [
      3,
      'scope[1].subscription',
      'GUID',
      `scope:\n  - subscription: ${SUBSCRIPTION}\n  - subscription: x`,
    ],
    [2, 'scope[0].subscription', 'string', 'scope:\n  - resourceGroups: [rg]'],
    [
      3,
      'scope[0].location',
      'is not a setting',
      `scope:\n  - subscription: ${SUBSCRIPTION}\n    location: x`,
    ],
    [
      3,
      'scope[0].resourceGroups',
      '>=1',
      `scope:\n  - subscription: ${SUBSCRIPTION}\n    resourceGroups: []`,
    ],
    [
      5,
      'scope[0].resourceGroups[1]',
      'must be a resource group name',
      `scope:\n  - subscription: ${SUBSCRIPTION}\n    resourceGroups:\n      - a\n      - a/b`,
    ],
    [
      2,
      'encryptionSets.WestEurope',
      'must be a region such as westeurope',
      `encryptionSets:\n  WestEurope: ${SET_ID}`,
    ],
    [
      2,
      'encryptionSets.west europe',
      'must be a region such as westeurope',
      `encryptionSets:\n  west europe: ${SET_ID}`,
    ],
    [
      2,
      'encryptionSets.westeurope',
      'must be the ARM ID',
      'encryptionSets:\n  westeurope: des-weu',
    ],
    [
      2,
      'encryptionSets.westeurope',
      'must be the ARM ID',
      `encryptionSets:\n  westeurope: ${diskId('d')}`,
    ],
    [
      2,
      'encryptionSets.westeurope',
      'must be the ARM ID',
      `encryptionSets:\n  westeurope: ${SET_ID}/../x`,
    ],
    [2, 'encryptionSets.westeurope', 'string', 'encryptionSets:\n  westeurope: 1'],
    [
      3,
      'encryptionSets.7',
      'must be the ARM ID',
      `encryptionSets:\n  westeurope: ${SET_ID}\n  7: x`,
    ],
    [1, 'encryptionSets', 'expected record', `encryptionSets: [${SET_ID}]`],
    [1, 'mayDeallocate', 'boolean', 'mayDeallocate: "true"'],
    [1, 'mayDeallocate', 'boolean', 'mayDeallocate: yes'],
    [1, 'mayDeallocate', 'boolean', 'mayDeallocate: 1'],
    [1, 'settleMinutes', '>=0', 'settleMinutes: -1'],
    [1, 'settleMinutes', '<=1440', 'settleMinutes: 1441'],
    [1, 'settleMinutes', 'number', 'settleMinutes: .inf'],
    [1, 'settleMinutes', 'number', 'settleMinutes: .nan'],
    [1, 'keyExpiryMarginDays', '<=365', 'keyExpiryMarginDays: 366'],
    [1, 'retryRefusedAfterHours', 'number', 'retryRefusedAfterHours: 24h'],
    [1, '', 'object', '- mode: report'],
    [1, '', 'object', 'report'],
  ])('%i %s: %s', ([line, path, message, text]) => {
    expect(problemsOf(text)).toEqual([{ line, path, message: expect.stringContaining(message) }]);
  });

  test.for<[line: number, message: string, text: string]>([
    [3, 'Map keys must be unique', 'mode: report\nscope: []\nmode: enforce'],
    [
      3,
      'Map keys must be unique',
      `encryptionSets:\n  westeurope: ${SET_ID}\n  westeurope: ${SET_ID}`,
    ],
    [2, 'Tabs are not allowed', 'scope:\n\t- x'],
    [2, 'end with a ]', 'scope: [\n'],
    [1, 'quote', 'mode: "report'],
    [2, 'multiple documents', 'mode: report\n---\nmode: enforce\n'],
    [2, 'Unresolved alias', 'mode: report\nscope: *all\n'],
    [1, 'Unresolved alias', 'mode: *mode\nscope: &mode []\n'],
  ])('%i: %s', ([line, message, text]) => {
    const problems = problemsOf(text);

    expect(problems[0]).toEqual({ line, path: '', message: expect.stringContaining(message) });
    for (const problem of problems) expect(problem.message).not.toContain('\n');
  });

  test('of every kind at once, in the order of the file', () => {
    const text = `colour: red
mode: enforced
scope:
  - subscription: prod
    everything: true
encryptionSets:
  WestEurope: ${SET_ID}
  westeurope: des-weu
mayDeallocate: maybe
settleMinutes: -1
flavour: sour
`;

    expect(problemsOf(text).map(({ line, path }) => `${line} ${path}`)).toEqual([
      '1 colour',
      '2 mode',
      '4 scope[0].subscription',
      '5 scope[0].everything',
      '7 encryptionSets.WestEurope',
      '8 encryptionSets.westeurope',
      '9 mayDeallocate',
      '10 settleMinutes',
      '11 flavour',
    ]);
  });

  test('rather than to grow without end: aliases that multiply', () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const before = level === 0 ? '"x"' : `*a${level - 1}`;
      return `a${level}: &a${level} [${Array.from({ length: 9 }, () => before).join(', ')}]`;
    });

    expect(problemsOf(levels.join('\n'))).toEqual([
      { line: expect.any(Number), path: '', message: expect.stringContaining('alias') },
    ]);
  });

  test('or of a list that holds itself', () => {
    const text = `scope: &all\n  - subscription: ${SUBSCRIPTION}\n    resourceGroups: &g [*g]`;

    expect(problemsOf(text)).toMatchObject([{ line: 3, path: 'scope[0].resourceGroups[0]' }]);
  });
});

test('never throws, and every problem stands on a line of the text', () => {
  const word = fc.constantFrom(
    'mode',
    ': ',
    'report',
    '\n',
    '  ',
    '- ',
    'scope',
    '*a ',
    '&a ',
    '[',
    ']',
    '{',
    '}',
    '? ',
    '"',
    '#',
    '<<',
    '!!x ',
    '---',
    '| ',
    'subscription',
    SUBSCRIPTION,
    'encryptionSets',
    'westeurope',
    SET_ID,
    '1',
    '~',
  );
  const text = fc.oneof(
    fc.array(word, { maxLength: 20 }).map((words) => words.join('')),
    fc.string(),
  );
  fc.assert(
    fc.property(text, (given) => {
      for (const { line, message } of problemsOf(given)) {
        expect(line).toBeGreaterThanOrEqual(1);
        expect(line).toBeLessThanOrEqual(given.split('\n').length);
        expect(message).not.toBe('');
      }
    }),
    { numRuns: 2_000 },
  );
});

describe('the JSON Schema of the policy', () => {
  const validate = new Ajv2020({ formats: { uuid: true } }).compile(policyJsonSchema());

  test.for<[text: string]>([
    ['{}'],
    [WHOLE],
    ['mode: report'],
    ['scope: []'],
    [`scope: [{ subscription: ${SUBSCRIPTION} }]`],
    [`encryptionSets: { westeurope: ${SET_ID} }`],
    ['settleMinutes: 1440'],
  ])('accepts what the parser accepts: %s', ([text]) => {
    expect(parsePolicy(text).ok).toBe(true);
    expect(validate(parse(text))).toBe(true);
  });

  test.for<[text: string]>([
    ['mode: enforced'],
    ['colour: red'],
    ['scope: all'],
    ['scope: [{}]'],
    ['scope: [{ subscription: prod }]'],
    [`scope: [{ subscription: ${SUBSCRIPTION}, everything: true }]`],
    [`scope: [{ subscription: ${SUBSCRIPTION}, resourceGroups: [] }]`],
    [`scope: [{ subscription: ${SUBSCRIPTION}, resourceGroups: [a/b] }]`],
    [`encryptionSets: { WestEurope: ${SET_ID} }`],
    ['encryptionSets: { westeurope: des-weu }'],
    [`encryptionSets: { westeurope: ${diskId('d')} }`],
    [`encryptionSets: { westeurope: ${SET_ID}/x }`],
    ['mayDeallocate: "true"'],
    ['settleMinutes: -1'],
    ['settleMinutes: 1441'],
    ['keyExpiryMarginDays: 366'],
    ['retryRefusedAfterHours: 8761'],
    ['retryRefusedAfterHours: 1d'],
    ['[]'],
  ])('refuses what the parser refuses: %s', ([text]) => {
    expect(parsePolicy(text).ok).toBe(false);
    expect(validate(parse(text))).toBe(false);
  });

  test('gives the defaults that the parser gives', () => {
    const filled: Record<string, unknown> = {};
    new Ajv2020({ useDefaults: true, formats: { uuid: true } }).validate(
      policyJsonSchema(),
      filled,
    );

    expect(parsePolicy('')).toEqual({ ok: true, policy: filled });
  });

  test('explains every setting', () => {
    const { $schema, properties } = policyJsonSchema() as {
      $schema: string;
      properties: Record<string, { description?: string }>;
    };

    expect($schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(Object.keys(properties)).toHaveLength(7);
    for (const { description } of Object.values(properties)) expect(description).toBeTruthy();
  });
});
