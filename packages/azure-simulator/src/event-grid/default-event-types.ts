const RESOURCES = ['Write', 'Delete', 'Action'].flatMap((verb) =>
  ['Success', 'Failure', 'Cancel'].map((end) => `Microsoft.Resources.Resource${verb}${end}`),
);
const VAULTS = ['Certificate', 'Key', 'Secret'].flatMap((what) =>
  ['NewVersionCreated', 'NearExpiry', 'Expired'].map((end) => `Microsoft.KeyVault.${what}${end}`),
);

/**
 * The event types that a filter without any is shown with; none for topics of one's own.
 *
 * Source: recorded for groups; for other topic types the lists of their documents.
 */
export function defaultEventTypes(topicType: string): readonly string[] {
  switch (topicType.toLowerCase()) {
    case 'microsoft.resources.subscriptions':
    case 'microsoft.resources.resourcegroups':
      return RESOURCES;
    case 'microsoft.resourcenotifications.resources':
      return ['CreatedOrUpdated', 'Deleted'].map(
        (what) => `Microsoft.ResourceNotifications.Resources.${what}`,
      );
    case 'microsoft.keyvault.vaults':
      return [...VAULTS, 'Microsoft.KeyVault.VaultAccessPolicyChanged'];
    default:
      return [];
  }
}
