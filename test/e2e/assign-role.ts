import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Az = (line: string) => Promise<{ value: readonly { id: string }[] } | null>;

/**
 * What `az role assignment create` sends, for the CLI of Debian: it stops before it asks, because
 * its SDK is younger than it.
 */
export async function assignByRest(
  az: Az,
  { role, scope, principalId, folder }: Record<'role' | 'scope' | 'principalId' | 'folder', string>,
): Promise<void> {
  const [, , subscription = ''] = scope.split('/');
  const provider = 'providers/Microsoft.Authorization';
  const roles = `/subscriptions/${subscription}/${provider}/roleDefinitions`;
  const found = await az(
    `rest --url ${roles}?api-version=2018-01-01-preview&$filter=roleName~eq~'${role}'`,
  );
  const properties = { principalId, roleDefinitionId: found?.value[0]?.id };
  const body = join(folder, 'assignment.json');
  writeFileSync(body, JSON.stringify({ properties }));
  const assignment = `${scope}/${provider}/roleAssignments/22222222-2222-4222-8222-222222222222`;
  await az(`rest --method put --url ${assignment}?api-version=2020-04-01-preview --body @${body}`);
}
