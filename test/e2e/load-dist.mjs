// Loads dist/ behind a stand-in for the module that the Functions worker provides, on any Node from 22 on, and prints
// what it registered.

import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';

const dist = new URL('../../dist/', import.meta.url);
const functions = [];
const core = {
  version: 'stand-in',
  hostVersion: '4.0.0',
  registerFunction(metadata) {
    const trigger = Object.values(metadata.bindings).find(({ type }) => /Trigger$/i.test(type));
    functions.push(`${metadata.name}: ${trigger.type}`);
    return { dispose() {} };
  },
  setProgrammingModel() {},
  registerHook: () => ({ dispose() {} }),
  log() {},
};
const load = Module._load;
Module._load = (request, ...rest) =>
  request === '@azure/functions-core' ? core : load(request, ...rest);

const { main } = JSON.parse(readFileSync(new URL('package.json', dist), 'utf8'));
await import(new URL(main, dist).href);
// The app must use the packages that are deployed with it, not the repository's.
const used = createRequire(new URL(main, dist)).resolve('@azure/functions');
if (!used.includes('/dist/node_modules/')) throw new Error(`It loaded ${used}`);
process.stdout.write(JSON.stringify({ node: process.version, functions: functions.sort() }));
process.exit();
