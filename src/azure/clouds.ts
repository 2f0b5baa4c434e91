/** The names by which Azure's clouds are set, as the Azure CLI knows them. */
export const CLOUD_NAMES = ['AzureCloud', 'AzureUSGovernment', 'AzureChinaCloud'] as const;
export type CloudName = (typeof CLOUD_NAMES)[number];

/** Where one of Azure's clouds answers. Source: `az cloud list`. */
export interface Cloud {
  readonly resourceManager: string;
  readonly authorityHost: string;
  /** Suffixes of key hosts; a key URL elsewhere is not asked. */
  readonly keyHostSuffixes: readonly string[];
  /** Suffixes of the hosts of tables; those in a DNS zone of their own have a name of that too. */
  readonly tableHostSuffixes: readonly string[];
}

export const CLOUDS: Readonly<Record<CloudName, Cloud>> = {
  AzureCloud: {
    resourceManager: 'https://management.azure.com',
    authorityHost: 'https://login.microsoftonline.com',
    keyHostSuffixes: ['.vault.azure.net', '.managedhsm.azure.net'],
    tableHostSuffixes: ['.table.core.windows.net', '.table.storage.azure.net'],
  },
  AzureUSGovernment: {
    resourceManager: 'https://management.usgovcloudapi.net',
    authorityHost: 'https://login.microsoftonline.us',
    keyHostSuffixes: ['.vault.usgovcloudapi.net', '.managedhsm.usgovcloudapi.net'],
    tableHostSuffixes: ['.table.core.usgovcloudapi.net'],
  },
  AzureChinaCloud: {
    resourceManager: 'https://management.chinacloudapi.cn',
    authorityHost: 'https://login.chinacloudapi.cn',
    keyHostSuffixes: ['.vault.azure.cn', '.managedhsm.azure.cn'],
    tableHostSuffixes: ['.table.core.chinacloudapi.cn'],
  },
};
