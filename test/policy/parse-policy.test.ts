import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { DEFAULT_POLICY, type PolicyProblem, parsePolicy } from '../../src/policy/parse-policy.ts';
import { policyJsonSchema } from '../../src/policy/policy-file.ts';
import {
  aRule,
  aScope,
  diskId,
  GROUP,
  SUBSCRIPTION,
  setId,
  setsByRegion,
  vmId,
} from '../support/builders.ts';

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
lookAgainAfterMinutes: 30
`;

function problemsOf(text: string): readonly PolicyProblem[] {
  const parsed = parsePolicy(text);
  return parsed.ok ? [] : parsed.problems;
}

const ANSWERED = `    owner: erp-team
    reason: quarter end
    until: 2027-01-31
`;

describe('a policy file', () => {
  test('of the first release is read as it stands', () => {
    expect(parsePolicy(WHOLE)).toEqual({
      ok: true,
      policy: {
        ...DEFAULT_POLICY,
        mode: 'enforce',
        scope: [
          aScope(SUBSCRIPTION, { resourceGroups: ['rg-erp', 'rg(1)_é.x'] }),
          aScope(SUBSCRIPTION.toUpperCase()),
        ],
        encryptionSets: setsByRegion({ westeurope: SET_ID, eastus2: SET_ID }),
        mayDeallocate: true,
        settleMinutes: 0,
        keyExpiryMarginDays: 365,
        retryRefusedAfterHours: 0.5,
        lookAgainAfterMinutes: 30,
      },
    });
  });

  test('that says all the rest is read as it stands', () => {
    const text = `scope:
  - managementGroup: mg-prod
    regions: [westeurope]
    tags: { env: prod }
exclusions:
  - scope: ${vmId('vm-1')}
${ANSWERED}encryptionSets:
  - set: ${SET_ID}
    regions: [westeurope]
    subscriptions: [${SUBSCRIPTION}]
    tags: { env: prod }
    encryptionType: EncryptionAtRestWithCustomerKey
  - set: ${setId('des-all')}
when: in-window
windows:
  - days: [sat, sun]
    from: 22:00
    to: '04:00'
    timeZone: Europe/Amsterdam
approval: { deadlineHours: 8, notByRequester: false }
caps: { vms: null, perRegion: 4 }
maxResources: null
maxPercent: 12.5
stopAfterFailures: null
risks: { spot: warn }
exemptions:
  - check: key-unreadable
    scope: /subscriptions/${SUBSCRIPTION}
    owner: erp-team
    reason: firewall
    until: 2027-01-31T18:00+01:00
`;

    expect(parsePolicy(text)).toEqual({
      ok: true,
      policy: {
        ...DEFAULT_POLICY,
        scope: [
          {
            managementGroup: 'mg-prod',
            resourceGroups: null,
            regions: ['westeurope'],
            tags: { env: 'prod' },
          },
        ],
        exclusions: [
          {
            scope: vmId('vm-1'),
            owner: 'erp-team',
            reason: 'quarter end',
            untilMs: Date.UTC(2027, 1, 1),
          },
        ],
        encryptionSets: [
          {
            set: SET_ID,
            regions: ['westeurope'],
            subscriptions: [SUBSCRIPTION],
            tags: { env: 'prod' },
            encryptionType: 'EncryptionAtRestWithCustomerKey',
          },
          aRule(setId('des-all')),
        ],
        when: 'in-window',
        windows: [
          {
            days: ['sat', 'sun'],
            fromMinute: 22 * 60,
            toMinute: 4 * 60,
            timeZone: 'Europe/Amsterdam',
          },
        ],
        approval: { deadlineHours: 8, notByRequester: false },
        caps: { ...DEFAULT_POLICY.caps, vms: null, perRegion: 4 },
        maxResources: null,
        maxPercent: 12.5,
        stopAfterFailures: null,
        risks: { ...DEFAULT_POLICY.risks, spot: 'warn' },
        exemptions: [
          {
            check: 'key-unreadable',
            scope: `/subscriptions/${SUBSCRIPTION}`,
            owner: 'erp-team',
            reason: 'firewall',
            untilMs: Date.UTC(2027, 0, 31, 17),
          },
        ],
      },
    });
  });

  test('is plain data', () => {
    expect(JSON.parse(JSON.stringify(DEFAULT_POLICY))).toEqual(DEFAULT_POLICY);
  });

  test.for<[what: string, text: string]>([
    ['empty', ''],
    ['blank', '\n \n'],
    ['nothing but a comment', '# later'],
    ['null', '~'],
    ['an empty object', '{}'],
    ['a document without content', '---\n...\n'],
  ])('that is %s touches nothing and only reports', ([, text]) => {
    expect(parsePolicy(text)).toEqual({ ok: true, policy: DEFAULT_POLICY });
    expect(DEFAULT_POLICY).toMatchObject({ mode: 'report', scope: [], mayDeallocate: false });
  });

  test('may be JSON, have a byte order mark, or end its lines as Windows does', () => {
    const encryptionSets = { westeurope: SET_ID };

    expect(parsePolicy(JSON.stringify({ mode: 'enforce', encryptionSets }))).toMatchObject({
      ok: true,
      policy: { mode: 'enforce', encryptionSets: setsByRegion(encryptionSets) },
    });
    expect(parsePolicy(`\ufeff${WHOLE}`)).toEqual(parsePolicy(WHOLE));
    expect(parsePolicy(WHOLE.replaceAll('\n', '\r\n'))).toEqual(parsePolicy(WHOLE));
  });

  test('may repeat itself with an alias', () => {
    const text = `encryptionSets:\n  westeurope: &set ${SET_ID}\n  eastus: *set\n`;

    expect(parsePolicy(text)).toMatchObject({
      policy: { encryptionSets: setsByRegion({ westeurope: SET_ID, eastus: SET_ID }) },
    });
  });
});

describe('tells a mistake with its line and place', () => {
  test.for<[line: number, path: string, message: string, text: string]>([
    [1, 'mode', 'must be one of report, enforce', 'mode: enforced'],
    [1, 'mode', 'must be one of report, enforce', 'mode: Report'],
    [2, 'mod', 'is not a setting', '\nmod: report'],
    [3, '1', 'is not a setting', '# a\n# b\n1: report'],
    [1, '__proto__', 'is not a setting', '__proto__: {}'],
    [1, 'constructor', 'is not a setting', 'constructor: {}'],
    [1, 'scope', 'must be a list', 'scope: all'],
    [1, 'scope', 'must be a list', 'scope:'],
    [2, 'scope[0]', 'must be a map of settings', `scope:\n  - ${SUBSCRIPTION}`],
    [
      3,
      'scope[1].subscription',
      'must be a GUID such as',
      `scope:\n  - subscription: ${SUBSCRIPTION}\n  - subscription: x`,
    ],
    [2, 'scope[0]', 'must name either', 'scope:\n  - resourceGroups: [rg]'],
    [
      3,
      'scope[0].location',
      'is not a setting',
      `scope:\n  - subscription: ${SUBSCRIPTION}\n    location: x`,
    ],
    [
      3,
      'scope[0].resourceGroups',
      'must name at least one, or be left out',
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
    [2, 'encryptionSets.westeurope', 'must be a text', 'encryptionSets:\n  westeurope: 1'],
    [
      3,
      'encryptionSets.7',
      'must be the ARM ID',
      `encryptionSets:\n  westeurope: ${SET_ID}\n  7: x`,
    ],
    [1, 'encryptionSets[0]', 'must be a map of settings', `encryptionSets: [${SET_ID}]`],
    [1, 'encryptionSets', 'must be a list, or must be a map', 'encryptionSets: des'],
    [1, 'mayDeallocate', 'must be true or false', 'mayDeallocate: "true"'],
    [1, 'mayDeallocate', 'must be true or false', 'mayDeallocate: yes'],
    [1, 'mayDeallocate', 'must be true or false', 'mayDeallocate: 1'],
    [1, 'settleMinutes', 'must be at least 0', 'settleMinutes: -1'],
    [1, 'settleMinutes', 'must be at most 1440', 'settleMinutes: 1441'],
    [1, 'settleMinutes', 'must be a number', 'settleMinutes: .inf'],
    [1, 'settleMinutes', 'must be a number', 'settleMinutes: .nan'],
    [1, 'keyExpiryMarginDays', 'must be at most 365', 'keyExpiryMarginDays: 366'],
    [1, 'retryRefusedAfterHours', 'must be a number', 'retryRefusedAfterHours: 24h'],
    [1, '', 'must be a map of settings', '- mode: report'],
    [1, '', 'must be a map of settings', 'report'],
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

describe('tells a mistake of the longer settings', () => {
  const group = 'scope:\n  - managementGroup: mg\n';
  const exclusion = (scope: string, until = '2027-01-31') =>
    `exclusions:\n  - { scope: "${scope}", owner: a, reason: b, until: ${until} }`;
  const exemption = (check: string) =>
    `exemptions:\n  - { check: ${check}, scope: ${GROUP}, owner: a, reason: b, until: 2027-01-31 }`;
  const window = (changes: object) => {
    const usual = { days: ['mon'], from: '22:00', to: '04:00', timeZone: 'Europe/Amsterdam' };
    return `when: in-window\nwindows:\n  - ${JSON.stringify({ ...usual, ...changes })}`;
  };

  test.for<[line: number, path: string, message: string, text: string]>([
    [2, 'scope[0]', 'either', `${group}    subscription: ${SUBSCRIPTION}`],
    [3, 'scope[0].regions[0]', 'a region such as', `${group}    regions: [West Europe]`],
    [3, 'scope[0].tags', 'must be a map of names', `${group}    tags: [prod]`],
    [3, 'scope[0].tags.env', 'must be a text', `${group}    tags: { env: 1 }`],
    [3, 'scope[0].tags.a/b', 'must be the name of a tag', `${group}    tags: { a/b: x }`],
    [2, 'scope[0].managementGroup', 'the ID of a', 'scope:\n  - managementGroup: a/b'],
    [2, 'exclusions[0].scope', 'must be the ARM ID of a sub', exclusion(SET_ID)],
    [2, 'exclusions[0].scope', 'must be the ARM ID of a sub', exclusion(`${vmId('v')}/../x`)],
    [2, 'exclusions[0].until', 'must be a date', exclusion(GROUP, '2027-02-29')],
    [2, 'exclusions[0].until', 'must be a date', exclusion(GROUP, 'soon')],
    [2, 'exclusions[0].until', 'a time with its zone', exclusion(GROUP, '2027-01-31T18:00')],
    [2, 'exclusions[0].until', 'must be a text', exclusion(GROUP, '2027')],
    [2, 'exemptions[0].check', 'must be one of key-unreadable', exemption('key-disabled')],
    [2, 'exemptions[0].check', 'must be one of key-unreadable', exemption('constructor')],
    [1, 'when', 'must be one of at-once, in-window', 'when: at once'],
    [3, 'windows[0].days', 'at least one', window({ days: [] })],
    [3, 'windows[0].days[0]', 'must be one of sun', window({ days: ['Monday'] })],
    [3, 'windows[0].from', 'a time such as 22:00', window({ from: '9:00' })],
    [3, 'windows[0].from', 'must be before 24:00', window({ from: '24:00' })],
    [3, 'windows[0].from', 'must be a text', window({ from: 1320 })],
    [3, 'windows[0].to', 'a time such as 22:00', window({ to: '24:01' })],
    [3, 'windows[0].to', 'must not end when it begins', window({ to: '22:00' })],
    [3, 'windows[0].timeZone', 'an IANA time zone', window({ timeZone: 'Europe/Asterdam' })],
    [3, 'windows[0].timeZone', 'an IANA time zone', window({ timeZone: '+01:00' })],
    [3, 'windows[0].timeZone', 'is missing', window({ timeZone: undefined })],
    [1, 'approval.deadlineHours', 'must be more than 0', 'approval: { deadlineHours: 0 }'],
    [1, 'caps.vms', 'must be at least 1', 'caps: { vms: 0 }'],
    [1, 'caps.perZone', 'must be at least 1', 'caps: { perZone: -1 }'],
    [1, 'caps.perRegion', 'must be a whole number', 'caps: { perRegion: 1.5 }'],
    [1, 'caps.perGroup', 'is not a setting', 'caps: { perGroup: 1 }'],
    [1, 'caps', 'must be a map of settings', 'caps: 3'],
    [1, 'maxResources', 'must be at least 1', 'maxResources: 0'],
    [1, 'maxPercent', 'must be at most 100', 'maxPercent: 101'],
    [1, 'maxPercent', 'must be more than 0', 'maxPercent: 0'],
    [1, 'stopAfterFailures', 'must be at least 1', 'stopAfterFailures: -5'],
    [1, 'risks.spot', 'must be one of warn, block', 'risks: { spot: ignore }'],
    [1, 'risks.rain', 'is not a setting', 'risks: { rain: warn }'],
  ])('%i %s: %s', ([line, path, message, text]) => {
    expect(problemsOf(text)).toEqual([{ line, path, message: expect.stringContaining(message) }]);
  });

  test('among them all that is missing', () => {
    expect(problemsOf('exemptions:\n  - {}')).toEqual(
      ['check', 'scope', 'owner', 'reason', 'until'].map((name) => ({
        line: 2,
        path: `exemptions[0].${name}`,
        message: 'is missing',
      })),
    );
  });

  test('in words that need no knowledge of how it is checked', () => {
    const text = `mode: 1
scope: [{ subscription: 1 }, 2]
encryptionSets: [{ set: 1, regions: [] }]
settleMinutes: many
windows: [{ days: [], from: 1, to: '25:00' }]
caps: { vms: 0.5, perZone: true }
approval: []
exclusions: [{ scope: '', owner: '', reason: ' ' }]
`;

    for (const { message } of problemsOf(text)) {
      expect(message).toMatch(/^(must|is|have) /);
      expect(message).not.toMatch(/[Ii]nvalid|expected|received|undefined|string|object|array|NaN/);
    }
    expect(problemsOf(text)).toHaveLength(18);
  });
});

describe('tells what cannot all be meant', () => {
  const rule = (set: string, conditions: object) =>
    `  - ${JSON.stringify({ set: setId(set), ...conditions })}\n`;

  test.for<[line: number, path: string, message: string, text: string]>([
    [2, 'when', 'there are no windows', 'mode: report\nwhen: in-window'],
    [
      1,
      'windows',
      'have no effect while when is when-deallocated',
      'windows: [{days: [mon], from: 01:00, to: 02:00, timeZone: UTC}]\nwhen: when-deallocated',
    ],
  ])('%i %s: %s', ([line, path, message, text]) => {
    expect(problemsOf(text)).toEqual([{ line, path, message: expect.stringContaining(message) }]);
  });

  test.for<[what: string, text: string]>([
    ['no windows, where only tags count', 'when: in-window\nwindows: []'],
    [
      'windows on approval',
      'when: on-approval\nwindows: [{days: [mon], from: 01:00, to: 02:00, timeZone: UTC}]',
    ],
    [
      'an exclusion that has ended',
      `exclusions:\n  - scope: ${GROUP}\n${ANSWERED}`.replace('2027', '2001'),
    ],
  ])('but not %s', ([, text]) => {
    expect(problemsOf(text)).toEqual([]);
  });

  test.for<[what: string, one: object, other: object]>([
    ['of no conditions', {}, {}],
    ['of one region in common', { regions: ['westeurope', 'eastus'] }, { regions: ['eastus'] }],
    ['of the same tags', { tags: { a: '1', B: '2' } }, { tags: { b: '2', A: '1' } }],
    [
      'of different types, which a disk may have both of',
      { encryptionType: 'EncryptionAtRestWithCustomerKey' },
      { encryptionType: 'EncryptionAtRestWithPlatformAndCustomerKeys' },
    ],
  ])('rules for different sets %s', ([, one, other]) => {
    const text = `encryptionSets:\n${rule('des-a', one)}${rule('des-b', other)}`;

    expect(problemsOf(text)).toEqual([
      {
        line: 3,
        path: 'encryptionSets[1]',
        message: expect.stringMatching(/^ties with encryptionSets\[0\]: .*des-a or des-b$/),
      },
    ]);
  });

  test.for<[what: string, one: object, other: object, set?: string]>([
    ['for one set', {}, {}, 'des-a'],
    ['of different regions', { regions: ['westeurope'] }, { regions: ['eastus'] }],
    ['of which one is more specific', {}, { regions: ['eastus'] }],
    ['of different values of a tag', { tags: { a: '1' } }, { tags: { a: '2' } }],
    ['that tie only for some disks', { regions: ['eastus'] }, { tags: { a: '1' } }],
  ])('but not rules %s', ([, one, other, set = 'des-b']) => {
    const text = `encryptionSets:\n${rule('des-a', one)}${rule(set, other)}`;

    expect(problemsOf(text)).toEqual([]);
  });

  test('together with every other mistake', () => {
    const text = `when: in-window\ncolour: red\nencryptionSets:\n${rule('a', {})}${rule('b', {})}caps: 0`;

    expect(problemsOf(text).map(({ line, path }) => `${line} ${path}`)).toEqual([
      '1 when',
      '2 colour',
      '5 encryptionSets[1]',
      '6 caps',
    ]);
  });
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
    ['scope: [{ managementGroup: mg-prod, regions: [westeurope], tags: { env: prod } }]'],
    [`encryptionSets: [{ set: ${SET_ID} }]`],
    [`exclusions: [{ scope: ${GROUP}, owner: a, reason: b, until: 2027-01-31 }]`],
    [
      `exclusions: [{ scope: ${diskId('d').toUpperCase()}, owner: a, reason: b, until: 2027-01-31 }]`,
    ],
    ['{ when: in-window, windows: [{ days: [mon], from: "22:00", to: "24:00", timeZone: UTC }] }'],
    ['caps: { vms: null }'],
    ['risks: { spot: warn }'],
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
    ['lookAgainAfterMinutes: 1441'],
    [`scope: [{ subscription: ${SUBSCRIPTION}, managementGroup: mg }]`],
    [`encryptionSets: [{ set: ${diskId('d')} }]`],
    ['encryptionSets: [{}]'],
    [`exclusions: [{ scope: ${GROUP} }]`],
    [`exclusions: [{ scope: ${SET_ID}, owner: a, reason: b, until: 2027-01-31 }]`],
    ['caps: { vms: 0 }'],
    ['risks: { spot: ignore }'],
    ['when: never'],
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

    expect(parsePolicy(JSON.stringify(filled))).toEqual({ ok: true, policy: DEFAULT_POLICY });
    expect(filled).toMatchObject({ caps: DEFAULT_POLICY.caps, risks: DEFAULT_POLICY.risks });
  });

  test('explains every setting', () => {
    const { $schema, properties } = policyJsonSchema() as {
      $schema: string;
      properties: Record<string, { description?: string }>;
    };

    expect($schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(Object.keys(properties)).toHaveLength(Object.keys(DEFAULT_POLICY).length);
    for (const { description } of Object.values(properties)) expect(description).toBeTruthy();
  });
});
