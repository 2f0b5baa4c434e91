import { createHmac } from 'node:crypto';

/** Replaces names so that nobody can tell what they were; the same name always by the same. */
export interface Masks {
  /** A name, but for the parts by which a kind of resource is known. */
  name(text: string): string;
  guid(text: string): string;
  /** An ARM ID: the provider, the types and instance numbers stay. */
  id(text: string): string;
  tags(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
}

/** Beginnings and ends that say what a resource is. Source: Azure's own naming of what it makes. */
const BEGINNINGS = ['MC_', 'aks-', 'pvc-', 'asrseeddisk-', 'AzureBackup_'];
const ENDS = ['-ASRReplica'];

/** Names of tags that Azure's services or keyturn give. */
const KNOWN_TAGS =
  /^(kubernetes\.io-created-for-(pvc?)-(name|namespace)|k8s-azure-(created-by|cluster-name)|aks-managed-\w+|keyturn:off-by)$/;

/** @param salt random, and forgotten: without it no mask can be traced back by trying names. */
export function createMasks(salt: Uint8Array, regions: ReadonlySet<string>): Masks {
  const digest = (text: string): string =>
    createHmac('sha256', salt).update(text.toLowerCase()).digest('hex');
  const plain = (text: string): string => (text === '' ? '' : `n${digest(text).slice(0, 16)}`);

  const name = (text: string): string => {
    const begins = BEGINNINGS.find((it) => startsWith(text, it)) ?? '';
    const ends = ENDS.find((it) => endsWith(text, it)) ?? '';
    const middle = text.slice(begins.length, text.length - ends.length);
    // The group of an AKS cluster's nodes ends in its region.
    const region = begins === 'MC_' ? middle.slice(middle.lastIndexOf('_') + 1) : '';
    if (regions.has(region)) {
      return `${begins}${plain(middle.slice(0, -region.length - 1))}_${region}`;
    }
    return `${begins}${plain(middle)}${ends}`;
  };
  const guid = (text: string): string => {
    const h = digest(text);
    return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20, 32)}`;
  };
  return {
    name,
    guid,
    id: (text) => maskId(text, { name, guid }),
    tags: (tags) =>
      Object.fromEntries(
        Object.entries(tags).map(([tag, value]) => [
          KNOWN_TAGS.test(tag) ? tag : plain(tag),
          plain(value),
        ]),
      ),
  };
}

/** An ID is pairs of a word and what it is about: only the latter is a name. */
function maskId(id: string, { name, guid }: Pick<Masks, 'name' | 'guid'>): string {
  return id.replace(/([^/]+)\/([^/]+)/g, (pair, word: string, what: string) => {
    if (word.toLowerCase() === 'providers' || /^\d{1,6}$/.test(what)) return pair;
    return `${word}/${word.toLowerCase() === 'subscriptions' ? guid(what) : name(what)}`;
  });
}

function startsWith(text: string, beginning: string): boolean {
  return text.toLowerCase().startsWith(beginning.toLowerCase());
}

function endsWith(text: string, end: string): boolean {
  return text.toLowerCase().endsWith(end.toLowerCase());
}
