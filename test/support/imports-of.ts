import { posix } from 'node:path';

/** One module that another one asks for. */
export interface Import {
  /** `types`: gone when it runs. `dynamic`: loaded only when the code comes there. */
  readonly kind: 'runs' | 'types' | 'dynamic';
  /** A path from the root of the repository, or the specifier of a package. */
  readonly target: string;
}

/**
 * Finds the imports of a module as Biome formats them: each statement begins its line.
 *
 * @param path of the module, from the root of the repository.
 */
export function importsOf(path: string, text: string): readonly Import[] {
  const code = text.replace(/^\s*(\/\/|\/?\*).*$/gm, '');
  const statements = code.matchAll(
    /^(?:import|export)\b(\s+type\b(?!\s+from\b))?(?:[^;'"]*?\bfrom)?\s*['"]([^'"]+)['"]/gm,
  );
  const calls = code.matchAll(/\b(?:import|require)\(\s*['"`]([^'"`]*)['"`]?/g);
  const targetOf = (specifier = ''): string =>
    specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier;
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
