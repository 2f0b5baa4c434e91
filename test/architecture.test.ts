import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { circlesOf } from './support/circles-of.ts';
import { type Import, importsOf } from './support/imports-of.ts';

const ROOT = join(import.meta.dirname, '..');
const SOURCES = globSync('src/**/*.ts', { cwd: ROOT }).toSorted();
const PACKAGES = globSync('packages/*/{src,test}/**/*.{ts,mjs}', { cwd: ROOT }).toSorted();
/** Whatever is no package itself; what a package does not export, TypeScript and Node refuse. */
const OUTSIDE = globSync('{src,test,bench,fault-simulation,scripts}/**/*.{ts,mjs}', {
  cwd: ROOT,
}).toSorted();

/** What the files of a layer may import: folders end with a slash, files with `.ts`. */
interface Layer {
  readonly files: readonly string[];
  /** At run time, and so their types as well. */
  readonly runs: readonly string[];
  readonly types: readonly string[];
  readonly dynamic: readonly string[];
}

/** The allow-list is the table of the documentation itself. */
const LAYERS = layersIn(source('docs/architecture.md'));

function layersIn(text: string): readonly Layer[] {
  const table = /^\| files \| may import .*\n\|[-|]+\n((?:\|.*\n)+)/m.exec(text)?.[1] ?? '';
  return table
    .trim()
    .split('\n')
    .map((row) => {
      const [files = [], runs = [], types = [], dynamic = []] = row
        .split('|')
        .slice(1)
        .map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => placeOf(name)));
      return { files, runs, types, dynamic };
    });
}

/** Paths of the table are below `src/`; packages are called by their names. */
function placeOf(name: string): string {
  const isPath = /(\/|\.ts)$/.test(name) && !name.startsWith('packages/');
  return isPath ? `src/${name}` : name;
}

function fits(target: string, pattern: string): boolean {
  if (pattern.endsWith('/')) return target.startsWith(pattern);
  if (pattern.endsWith('*')) return target.startsWith(pattern.slice(0, -1));
  return target === pattern || target.startsWith(`${pattern}/`);
}

function layerOf(path: string): Layer | undefined {
  return LAYERS.find(({ files }) => files.some((pattern) => fits(path, pattern)));
}

function isAllowed(path: string, { kind, target }: Import): boolean {
  const layer = layerOf(path);
  if (layer === undefined) return false;
  // A row for one file says all that it may; the others may import what lies beside them.
  const own = layer.files.filter((pattern) => pattern.endsWith('/') && fits(path, pattern));
  const allowed = {
    runs: [...layer.runs, ...own],
    types: [...layer.runs, ...own, ...layer.types],
    dynamic: layer.dynamic,
  }[kind];
  return allowed.some((pattern) => fits(target, pattern));
}

function source(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

describe('who imports whom', () => {
  test.for([...SOURCES, ...PACKAGES.filter((path) => path.includes('/src/'))])(
    '%s imports only what its layer may',
    (path) => {
      const forbidden = importsOf(path, source(path)).filter((each) => !isAllowed(path, each));

      expect(layerOf(path)).toBeDefined();
      expect(forbidden).toEqual([]);
    },
  );

  test.for(PACKAGES)('%s stays within its package', (path) => {
    const [own] = /^packages\/[^/]+\//.exec(path) ?? [''];
    const outside = importsOf(path, source(path)).filter(
      ({ target }) => target.startsWith('@keyturn/') || isElsewhere(target, own),
    );

    expect(outside).toEqual([]);
  });

  test.for(OUTSIDE)('%s enters a package only by what it exports', (path) => {
    const within = importsOf(path, source(path)).filter(({ target }) =>
      /^packages\/[^/]+\/src\//.test(target),
    );

    expect(within).toEqual([]);
  });

  test('every row of the table is about something', () => {
    const files = [...SOURCES, ...PACKAGES];
    const rows = LAYERS.flatMap((layer) => layer.files.map((pattern) => ({ layer, pattern })));

    expect(rows.length).toBeGreaterThan(20);
    const idle = rows.filter(({ layer, pattern }) =>
      files.every((path) => layerOf(path) !== layer || !fits(path, pattern)),
    );
    expect(idle).toEqual([]);
  });

  test.for<[statement: string, kind: Import['kind'], target: string]>([
    ["import { a } from './b.ts';", 'runs', 'src/cli/b.ts'],
    ["import { type A } from '../domain/b.ts';", 'runs', 'src/domain/b.ts'],
    ["import {\n  type A,\n  b,\n} from '../domain/b.ts';", 'runs', 'src/domain/b.ts'],
    ["import type { A } from '../domain/b.ts';", 'types', 'src/domain/b.ts'],
    ["import type {\n  A,\n} from 'zod';", 'types', 'zod'],
    ["import a from 'zod';", 'runs', 'zod'],
    ["import type from 'zod';", 'runs', 'zod'],
    ["import * as a from 'node:fs';", 'runs', 'node:fs'],
    ["import 'node:fs';", 'runs', 'node:fs'],
    ["export { a } from './b.ts';", 'runs', 'src/cli/b.ts'],
    ["export * from './b.ts';", 'runs', 'src/cli/b.ts'],
    ["export type { A } from './b.ts';", 'types', 'src/cli/b.ts'],
    ["  const a = await import('../main.ts');", 'dynamic', 'src/main.ts'],
    ["  const a = require('axios');", 'dynamic', 'axios'],
  ])('the scanner reads %j', ([statement, kind, target]) => {
    expect(importsOf('src/cli/a.ts', `/** Why. */\n${statement}\nconst c = 'd';\n`)).toEqual([
      { kind, target },
    ]);
  });

  test.for<[text: string]>([
    ["const a = 'x';\nexport const b = 'y';"],
    ["// import { a } from './b.ts';"],
    [" * import { a } from './b.ts';"],
    ["export function a(from: string): string {\n  return 'x';\n}"],
  ])('the scanner reads no import in %j', ([text]) => {
    expect(importsOf('src/cli/a.ts', text)).toEqual([]);
  });

  test.for<[path: string, kind: Import['kind'], target: string]>([
    ['domain/azure/disk.ts', 'types', 'azure/azure.ts'],
    ['domain/azure/disk.ts', 'runs', 'domain/gate/verdict.ts'],
    ['domain/policy/is-in-scope.ts', 'types', 'domain/gate/checks.ts'],
    ['domain/gate/verdict.ts', 'runs', 'domain/turn/stop.ts'],
    ['domain/turn/stop.ts', 'types', 'domain/conversion/conversion-record.ts'],
    ['domain/azure/disk.ts', 'runs', 'zod'],
    ['activities/conversion/plan-vm.ts', 'runs', 'azure/azure.ts'],
    ['activities/conversion/plan-vm.ts', 'types', 'azure/compute/disks.ts'],
    ['activities/conversion/plan-vm.ts', 'runs', 'store/journal.ts'],
    ['store/journal.ts', 'runs', 'node:sqlite'],
    ['store/azure-table.ts', 'runs', 'node:sqlite'],
    ['store/journal.ts', 'dynamic', 'store/sqlite-table.ts'],
    ['orchestrators/sweep/sweep.ts', 'runs', 'durable-functions'],
    ['orchestrators/sweep/sweep.ts', 'types', 'azure/azure.ts'],
    ['orchestrators/sweep/sweep.ts', 'runs', '@keyturn/azure-simulator/simulator'],
    ['functions/http/conversions.ts', 'runs', 'activities/conversion/plan-vm.ts'],
    ['functions/register.ts', 'types', 'main.ts'],
    ['cli/commands/demo.ts', 'dynamic', 'main.ts'],
    ['cli/commands/demo.ts', 'runs', 'main.ts'],
    ['somewhere/new.ts', 'types', 'domain/azure/disk.ts'],
  ])('%s may not import (%s) %s', ([path, kind, target]) => {
    const at = /\.ts$/.test(target) ? `src/${target}` : target;
    expect(isAllowed(`src/${path}`, { kind, target: at })).toBe(false);
  });
});

describe('circles of imports', () => {
  test('there are none, types included', () => {
    const files = [...SOURCES, ...PACKAGES].filter((path) => path.includes('src/'));
    const graph = new Map(
      files.map((path) => [path, importsOf(path, source(path)).map(({ target }) => target)]),
    );

    expect(circlesOf(graph)).toEqual([]);
  });

  test.for<[arrows: string, circles: readonly (readonly string[])[]]>([
    ['a>b b>c a>c', []],
    ['a>b b>a', [['a', 'b']]],
    ['a>a', [['a']]],
    [
      'a>b b>c c>a c>d d>e e>d',
      [
        ['a', 'b', 'c'],
        ['d', 'e'],
      ],
    ],
    ['a>fs', []],
  ])('%s', ([arrows, circles]) => {
    const pairs = arrows.split(' ').map((arrow) => arrow.split('>'));
    const graph = new Map(
      pairs.map(([from = '']) => [
        from,
        pairs.flatMap(([it, to = '']) => (it === from ? [to] : [])),
      ]),
    );

    expect(circlesOf(graph)).toEqual(circles);
  });
});

/** Whether a path of the repository lies outside a folder of it; packages of npm do not count. */
function isElsewhere(target: string, folder: string): boolean {
  const isPath = target.startsWith('..') || /\.(ts|mjs)$/.test(target);
  return isPath && !target.startsWith(folder);
}

describe('what orchestrators load', () => {
  const LISTING = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({
      load(url, context, next) {
        loaded.push(url);
        return next(url, context);
      },
    });
    for (const module of process.argv.slice(1)) await import(module);
    process.stdout.write(JSON.stringify(loaded));
  `;

  /** Everything that is loaded with modules, as paths within the repository. */
  async function loadedWith(...specifiers: readonly string[]): Promise<readonly string[]> {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', LISTING, ...specifiers],
      { cwd: ROOT, env: {}, maxBuffer: 10_000_000 },
    );
    const root = pathToFileURL(`${ROOT}/`).href;
    const urls: readonly string[] = JSON.parse(stdout);
    return urls.filter((url) => !url.startsWith('node:')).map((url) => url.replace(root, ''));
  }

  test('domain, durable, activities, durable-functions, and no client of Azure', async () => {
    const orchestrators = SOURCES.filter((path) => path.startsWith('src/orchestrators/'));
    const urls = orchestrators.map((path) => pathToFileURL(join(ROOT, path)).href);

    const [ofDurableFunctions, loaded] = await Promise.all([
      loadedWith('durable-functions'),
      loadedWith(...urls),
    ]);

    const ours = /^src\/(domain|durable|activities|orchestrators)\//;
    const allowed = new Set(ofDurableFunctions);
    expect(loaded).toEqual(expect.arrayContaining(orchestrators));
    expect(loaded.filter((each) => !ours.test(each) && !allowed.has(each))).toEqual([]);
    expect(ofDurableFunctions.length).toBeGreaterThan(50);
    expect(
      ofDurableFunctions.filter((each) => /@azure\/(arm-|identity|keyvault|core-)/.test(each)),
    ).toEqual([]);
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
