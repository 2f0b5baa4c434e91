import type { z } from 'zod';

type RawIssue = z.core.$ZodRawIssue;

const KINDS: Readonly<Record<string, string>> = {
  array: 'must be a list',
  boolean: 'must be true or false',
  int: 'must be a whole number',
  number: 'must be a number',
  object: 'must be a map of settings',
  record: 'must be a map of names to values',
  string: 'must be a text',
};

/** Says what is wrong with a value, for whoever wrote the file. */
export function inPlainWords(issue: RawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is missing';
      return KINDS[issue.expected] ?? `must be of the kind ${issue.expected}`;
    case 'invalid_value':
      if (issue.input === undefined) return 'is missing';
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return atLeast(issue);
    case 'too_big':
      return issue.origin === 'string'
        ? `must have at most ${issue.maximum} characters`
        : `must be at most ${issue.maximum}`;
    case 'invalid_format':
      return issue.format === 'guid'
        ? 'must be a GUID such as 0b1f6471-1bf0-4dda-aec3-cb9272f09590'
        : 'is not written as it must be';
    default:
      return 'is wrong';
  }
}

function atLeast({ origin, minimum, inclusive }: Extract<RawIssue, { code: 'too_small' }>): string {
  if (origin === 'array') return 'must name at least one, or be left out';
  if (origin === 'string') return 'must not be empty';
  return inclusive === false ? `must be more than ${minimum}` : `must be at least ${minimum}`;
}
