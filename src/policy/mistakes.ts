import type { z } from 'zod';

/** Something wrong with the content of a policy file. */
export interface Mistake {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** What one issue means to whoever wrote the file: often several mistakes. */
export function mistakesOf(issue: z.core.$ZodIssue): readonly Mistake[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...issue.path, key],
        message: 'is not a setting of the policy',
      }));
    case 'invalid_key':
      return issue.issues.map(({ message }) => ({ path: issue.path, message }));
    case 'invalid_union':
      return ofMeantForm(issue);
    default:
      return [issue];
  }
}

/** Of what may be written in two forms, the mistakes in the form that was meant. */
function ofMeantForm({ path, errors }: z.core.$ZodIssueInvalidUnion): readonly Mistake[] {
  const meant = errors.find((issues) => !issues.some((issue) => issue.path.length === 0));
  if (meant === undefined) {
    const forms = errors.flatMap(([first]) => first?.message ?? []);
    return [{ path, message: forms.join(', or ') }];
  }
  return meant
    .flatMap(mistakesOf)
    .map((mistake) => ({ ...mistake, path: [...path, ...mistake.path] }));
}
