/** What one role allows. Source: "Understand Azure role definitions". */
export interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
}

/** Whether any of the roles allows an action: what one takes out another may still give. */
export function allows(permissions: readonly Permission[], action: string): boolean {
  return permissions.some(
    ({ actions, notActions }) => names(actions, action) && !names(notActions, action),
  );
}

/** The same of the data in a resource. */
export function allowsData(permissions: readonly Permission[], action: string): boolean {
  return permissions.some(
    ({ dataActions, notDataActions }) =>
      names(dataActions, action) && !names(notDataActions, action),
  );
}

/** `*` stands for any text, slashes too; case does not count. */
function names(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`, 'i').test(action);
  });
}
