/** The names by which Azure's clouds are set, as the Azure CLI knows them. */
export const CLOUD_NAMES = ['AzureCloud', 'AzureUSGovernment', 'AzureChinaCloud'] as const;
export type CloudName = (typeof CLOUD_NAMES)[number];

/**
 * Where one of Azure's clouds answers. Source: `az cloud list`; issuers: each cloud's
 * `/common/.well-known/openid-configuration` and `/common/v2.0/.well-known/openid-configuration`.
 */
export interface Cloud {
  readonly resourceManager: string;
  readonly authorityHost: string;
  /** What the issuers of tokens of both versions begin with; the directory's ID follows. */
  readonly tokenIssuers: { readonly v1: string; readonly v2: string };
  /** Suffixes of key hosts; a key URL elsewhere is not asked. */
  readonly keyHostSuffixes: readonly string[];
  /** Suffixes of the hosts of tables; those in a DNS zone of their own have a name of that too. */
  readonly tableHostSuffixes: readonly string[];
}

export const CLOUDS: Readonly<Record<CloudName, Cloud>> = {
  AzureCloud: {
    resourceManager: 'https://management.azure.com',
    authorityHost: 'https://login.microsoftonline.com',
    tokenIssuers: { v1: 'https://sts.windows.net', v2: 'https://login.microsoftonline.com' },
    keyHostSuffixes: ['.vault.azure.net', '.managedhsm.azure.net'],
    tableHostSuffixes: ['.table.core.windows.net', '.table.storage.azure.net'],
  },
  AzureUSGovernment: {
    resourceManager: 'https://management.usgovcloudapi.net',
    authorityHost: 'https://login.microsoftonline.us',
    tokenIssuers: { v1: 'https://sts.windows.net', v2: 'https://login.microsoftonline.us' },
    keyHostSuffixes: ['.vault.usgovcloudapi.net', '.managedhsm.usgovcloudapi.net'],
    tableHostSuffixes: ['.table.core.usgovcloudapi.net'],
  },
  AzureChinaCloud: {
    resourceManager: 'https://management.chinacloudapi.cn',
    authorityHost: 'https://login.chinacloudapi.cn',
    tokenIssuers: {
      v1: 'https://sts.chinacloudapi.cn',
      v2: 'https://login.partner.microsoftonline.cn',
    },
    keyHostSuffixes: ['.vault.azure.cn', '.managedhsm.azure.cn'],
    tableHostSuffixes: ['.table.core.chinacloudapi.cn'],
  },
};
