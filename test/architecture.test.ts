import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const SOURCES = globSync('src/**/*.ts', { cwd: ROOT }).toSorted();

/** What the files of a layer may import: paths below `src/`, or packages; `*` stands for the rest. */
interface Layer {
  readonly files: string;
  /** At run time, and so their types as well. */
  readonly runs: readonly string[];
  readonly typesOnly?: readonly string[];
}

/** "Who may import whom" of the architecture: the first layer that a file belongs to counts. */
const LAYERS: readonly Layer[] = [
  { files: 'domain/*', runs: ['domain/*'] },
  { files: 'events/*', runs: ['events/*', 'domain/*', 'zod'] },
  {
    files: 'policy/*',
    runs: ['policy/*', 'domain/*', 'zod', 'yaml'],
    typesOnly: ['azure/azure.ts'],
  },
  { files: 'store/store.ts', runs: [], typesOnly: ['domain/*'] },
  {
    files: 'store/azure-table.ts',
    runs: ['store/*', '@azure/*', 'azure/deadline-policy.ts'],
  },
  { files: 'store/sqlite-table.ts', runs: ['store/*', 'node:sqlite'] },
  { files: 'store/*', runs: ['store/*', 'domain/*', 'node:crypto'], typesOnly: ['@azure/*'] },
  { files: 'people/sign-in-settings.ts', runs: [] },
  {
    files: 'people/*',
    runs: [
      'people/*',
      'domain/*',
      'azure/deadline-policy.ts',
      '@azure/core-rest-pipeline',
      'jose',
      'node:crypto',
    ],
    typesOnly: ['azure/clouds.ts'],
  },
  { files: 'report/*', runs: ['report/*', 'domain/*'] },
  { files: 'azure/azure.ts', runs: [], typesOnly: ['domain/*'] },
  { files: 'azure/*', runs: ['azure/*', 'domain/*', '@azure/*'], typesOnly: ['@azure-rest/*'] },
  {
    files: 'durable/*',
    runs: ['durable/*', 'durable-functions', 'node:crypto'],
    typesOnly: ['@azure/functions'],
  },
  {
    files: 'activities/*',
    runs: ['activities/*', 'durable/*', 'domain/*'],
    typesOnly: ['azure/azure.ts', 'store/store.ts'],
  },
  {
    files: 'orchestrators/*',
    runs: ['orchestrators/*', 'activities/*', 'durable/*', 'domain/*'],
    typesOnly: ['durable-functions'],
  },
  {
    files: 'functions/register-activities.ts',
    runs: ['activities/*', 'durable-functions'],
    typesOnly: ['durable/*'],
  },
  {
    files: 'functions/*',
    runs: [
      'functions/*',
      'events/*',
      'durable/*',
      'domain/*',
      'orchestrators/*',
      'report/*',
      'log.ts',
      '@azure/functions',
      'durable-functions',
      'node:crypto',
      'zod',
    ],
    typesOnly: ['activities/services.ts', 'store/store.ts', 'people/identify.ts'],
  },
  { files: 'log.ts', runs: [], typesOnly: ['@azure/functions'] },
  {
    files: 'config.ts',
    runs: ['azure/clouds.ts', 'policy/*', 'store/journal-place.ts', 'node:fs'],
    typesOnly: ['domain/*', 'people/sign-in-settings.ts'],
  },
  {
    files: 'main.ts',
    runs: [
      'config.ts',
      'azure/clouds.ts',
      'azure/connect.ts',
      'functions/register.ts',
      'people/*',
      'policy/*',
      'store/*',
      'log.ts',
      '@azure/identity',
    ],
  },
  { files: 'simulator/*', runs: ['simulator/*', 'node:*', 'mockttp'] },
  { files: 'host/*', runs: ['host/*', 'node:*', '@azure/functions', 'durable-functions'] },
  {
    files: 'cli/*',
    runs: [
      'cli/*',
      'azure/*',
      'domain/*',
      'report/*',
      'config.ts',
      'store/store-file-error.ts',
      'host/*',
      'simulator/*',
      'node:*',
      '@azure/core-rest-pipeline',
    ],
    typesOnly: ['functions/approval-view.ts', 'functions/conversion-view.ts', 'functions/stops.ts'],
  },
];

/** What a file may load while it runs, beyond what it imports. */
const DYNAMIC_IMPORTS: Readonly<Record<string, readonly string[]>> = {
  'cli/main.ts': ['cli/*'],
  'cli/serve.ts': ['main.ts'],
  'store/open-table.ts': ['store/sqlite-table.ts'],
};

interface Import {
  readonly kind: 'runs' | 'types' | 'dynamic';
  /** A path below `src/`, or the specifier of a package. */
  readonly target: string;
}

/** Finds the imports of a module as Biome formats them: each statement begins its line. */
function importsOf(path: string, text: string): readonly Import[] {
  const code = text.replace(/^\s*(\/\/|\/?\*).*$/gm, '');
  const statements = code.matchAll(
    /^(?:import|export)\b(\s+type\b(?!\s+from\b))?(?:[^;'"]*?\bfrom)?\s*['"]([^'"]+)['"]/gm,
  );
  const calls = code.matchAll(/\b(?:import|require)\(\s*['"`]([^'"`]*)['"`]?/g);
  const targetOf = (specifier = ''): string =>
    specifier.startsWith('.') ? join(path, '..', specifier) : specifier;
  return [
    ...[...statements].map(
      ([, type, specifier]): Import => ({
        kind: type ? 'types' : 'runs',
        target: targetOf(specifier),
      }),
    ),
    ...[...calls].map(
      ([, specifier]): Import => ({ kind: 'dynamic', target: targetOf(specifier) }),
    ),
  ];
}

function fits(target: string, pattern: string): boolean {
  return pattern.endsWith('*') ? target.startsWith(pattern.slice(0, -1)) : target === pattern;
}

function isAllowed(path: string, { kind, target }: Import): boolean {
  const layer = LAYERS.find(({ files }) => fits(path, files));
  const allowed = {
    runs: layer?.runs ?? [],
    types: [...(layer?.runs ?? []), ...(layer?.typesOnly ?? [])],
    dynamic: DYNAMIC_IMPORTS[path] ?? [],
  }[kind];
  return allowed.some((pattern) => fits(target, pattern));
}

function source(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

describe('who imports whom', () => {
  test.for(SOURCES)('%s imports only what its layer may', (path) => {
    const below = relative('src', path);

    const forbidden = importsOf(below, source(path)).filter((each) => !isAllowed(below, each));

    expect(LAYERS.filter(({ files }) => fits(below, files))).not.toEqual([]);
    expect(forbidden).toEqual([]);
  });

  test.for<[statement: string, kind: Import['kind'], target: string]>([
    ["import { a } from './b.ts';", 'runs', 'cli/b.ts'],
    ["import { type A } from '../domain/b.ts';", 'runs', 'domain/b.ts'],
    ["import {\n  type A,\n  b,\n} from '../domain/b.ts';", 'runs', 'domain/b.ts'],
    ["import type { A } from '../domain/b.ts';", 'types', 'domain/b.ts'],
    ["import type {\n  A,\n} from 'zod';", 'types', 'zod'],
    ["import a from 'zod';", 'runs', 'zod'],
    ["import type from 'zod';", 'runs', 'zod'],
    ["import * as a from 'node:fs';", 'runs', 'node:fs'],
    ["import 'node:fs';", 'runs', 'node:fs'],
    ["export { a } from './b.ts';", 'runs', 'cli/b.ts'],
    ["export * from './b.ts';", 'runs', 'cli/b.ts'],
    ["export type { A } from './b.ts';", 'types', 'cli/b.ts'],
    ["  const a = await import('../main.ts');", 'dynamic', 'main.ts'],
    ["  const a = require('axios');", 'dynamic', 'axios'],
  ])('the scanner reads %j', ([statement, kind, target]) => {
    expect(importsOf('cli/a.ts', `/** Why. */\n${statement}\nconst c = 'd';\n`)).toEqual([
      { kind, target },
    ]);
  });

  test.for<[text: string]>([
    ["const a = 'x';\nexport const b = 'y';"],
    ["// import { a } from './b.ts';"],
    [" * import { a } from './b.ts';"],
    ["export function a(from: string): string {\n  return 'x';\n}"],
  ])('the scanner reads no import in %j', ([text]) => {
    expect(importsOf('cli/a.ts', text)).toEqual([]);
  });

  test.for<[path: string, kind: Import['kind'], target: string]>([
    ['domain/disk.ts', 'types', 'azure/azure.ts'],
    ['domain/disk.ts', 'runs', 'zod'],
    ['activities/plan-vm.ts', 'runs', 'azure/azure.ts'],
    ['activities/plan-vm.ts', 'types', 'azure/disks.ts'],
    ['activities/plan-vm.ts', 'runs', 'store/journal.ts'],
    ['store/journal.ts', 'runs', 'node:sqlite'],
    ['store/azure-table.ts', 'runs', 'node:sqlite'],
    ['store/journal.ts', 'dynamic', 'store/sqlite-table.ts'],
    ['orchestrators/sweep.ts', 'runs', 'durable-functions'],
    ['orchestrators/sweep.ts', 'types', 'azure/azure.ts'],
    ['simulator/world.ts', 'types', 'domain/disk.ts'],
    ['simulator/world.ts', 'runs', '@azure/arm-compute'],
    ['host/host.ts', 'types', 'domain/disk.ts'],
    ['functions/conversions.ts', 'runs', 'activities/plan-vm.ts'],
    ['functions/register.ts', 'types', 'main.ts'],
    ['cli/demo.ts', 'dynamic', 'main.ts'],
    ['cli/demo.ts', 'runs', 'main.ts'],
    ['somewhere/new.ts', 'types', 'domain/disk.ts'],
  ])('%s may not import (%s) %s', ([path, kind, target]) => {
    expect(isAllowed(path, { kind, target })).toBe(false);
  });
});

describe('what an orchestrator loads', () => {
  const LISTING = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({
      load(url, context, next) {
        loaded.push(url);
        return next(url, context);
      },
    });
    await import(process.argv[1]);
    process.stdout.write(JSON.stringify(loaded));
  `;

  /** Everything that is loaded with a module, as paths within the repository. */
  async function loadedWith(specifier: string): Promise<readonly string[]> {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', LISTING, specifier],
      { cwd: ROOT, env: {}, maxBuffer: 10_000_000 },
    );
    const root = pathToFileURL(`${ROOT}/`).href;
    const urls: readonly string[] = JSON.parse(stdout);
    return urls.filter((url) => !url.startsWith('node:')).map((url) => url.replace(root, ''));
  }

  const ofDurableFunctions = loadedWith('durable-functions');
  const orchestrators = SOURCES.filter((path) => path.startsWith('src/orchestrators/'));

  test.for(orchestrators)('%s: domain, durable, activities and durable-functions', async (path) => {
    const allowed = new Set(await ofDurableFunctions);

    const loaded = await loadedWith(pathToFileURL(join(ROOT, path)).href);

    const ours = /^src\/(domain|durable|activities|orchestrators)\//;
    expect(loaded).toContain(path);
    expect(loaded.filter((each) => !ours.test(each) && !allowed.has(each))).toEqual([]);
  });

  test('durable-functions itself brings no client of Azure', async () => {
    const loaded = await ofDurableFunctions;

    expect(loaded.length).toBeGreaterThan(50);
    expect(loaded.filter((each) => /@azure\/(arm-|identity|keyvault|core-)/.test(each))).toEqual(
      [],
    );
  });
});

describe('durable names', () => {
  const below = (folder: string) => SOURCES.filter((path) => path.startsWith(`src/${folder}/`));
  const textOf = (...folders: readonly string[]) => folders.flatMap(below).map(source).join('\n');
  const found = (text: string, pattern: RegExp): readonly string[] =>
    [...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? ''))].toSorted();

  /** `[constant, name]` of each definition. */
  const defined = (what: RegExp, folder: string): readonly (readonly [string, string])[] => {
    const pattern = new RegExp(
      `export const (\\w+) = (?:${what.source})(?:<[^(]*>)?\\(\\s*'(\\w+)'`,
      'g',
    );
    return [...textOf(folder).matchAll(pattern)].map(([, constant = '', name = '']) => [
      constant,
      name,
    ]);
  };
  const activities = defined(/define(?:Client)?Activity/, 'activities');
  const orchestrators = defined(/defineOrchestrator/, 'orchestrators');
  const constants = (definitions: typeof activities) =>
    definitions.map(([constant]) => constant).toSorted();

  test('all definitions are seen, each named as its constant', () => {
    const calls = [...textOf('activities', 'orchestrators').matchAll(/= define\w+[<(]/g)];

    expect(calls).toHaveLength(activities.length + orchestrators.length);
    expect(activities.length).toBeGreaterThan(10);
    for (const [constant, name] of [...activities, ...orchestrators]) expect(name).toBe(constant);
  });

  test('no two are the same', () => {
    const names = [...activities, ...orchestrators].map(([, name]) => name.toLowerCase());

    expect(new Set(names).size).toBe(names.length);
  });

  test('every activity is registered, and every registered one is called', () => {
    const registered = found(
      source('src/functions/register-activities.ts'),
      /^ {2}register\((\w+)\);/gm,
    );
    const called = found(textOf('orchestrators'), /\b(\w+)\.call\(context/g);

    expect(registered).toEqual(constants(activities));
    expect(called).toEqual(constants(activities));
  });

  test('every orchestrator is registered, and every registered one is started', () => {
    const list = /ORCHESTRATORS[^=]*= \[([^\]]*)\]/.exec(
      source('src/functions/register-orchestrators.ts'),
    );
    const registered = found(list?.[1] ?? '', /(\w+)/g);
    const text = textOf('activities', 'orchestrators', 'functions');
    const started = [
      ...found(text, /\borchestrator: (?:'(\w+)'|(\w+)\.name)/g),
      ...found(text, /\bstartOnce\([^;]*?, (\w+), \{/g),
    ];

    expect(registered).toEqual(constants(orchestrators));
    expect([...new Set(started)].toSorted()).toEqual(constants(orchestrators));
  });

  test('nothing is called by a name that could be wrong unseen', () => {
    const text = textOf('activities', 'orchestrators', 'functions');

    expect(text).not.toMatch(/\bcallActivity|\bcallSubOrchestrator|\bstartNew\(/);
  });
});
