interface Speed {
  readonly iops: number;
  readonly mbps: number;
  /** `P4`; only Premium disks say it. */
  readonly tier?: string;
}

/** Up to how many GiB: IOPS, MB/s. Source: "Azure managed disk types"; recorded bodies. */
type Steps = readonly (readonly [upToGB: number, iops: number, mbps: number, tier?: string])[];

const PREMIUM: Steps = [
  [4, 120, 25, 'P1'],
  [8, 120, 25, 'P2'],
  [16, 120, 25, 'P3'],
  [32, 120, 25, 'P4'],
  [64, 240, 50, 'P6'],
  [128, 500, 100, 'P10'],
  [256, 1100, 125, 'P15'],
  [512, 2300, 150, 'P20'],
  [1024, 5000, 200, 'P30'],
  [2048, 7500, 250, 'P40'],
  [4096, 7500, 250, 'P50'],
  [8192, 16_000, 500, 'P60'],
  [16_384, 18_000, 750, 'P70'],
  [32_767, 20_000, 900, 'P80'],
];
const STANDARD_SSD: Steps = [
  [4096, 500, 100],
  [8192, 2000, 400],
  [16_384, 4000, 600],
  [32_767, 6000, 750],
];
const STANDARD: Steps = [
  [4096, 500, 60],
  [8192, 1300, 300],
  [32_767, 2000, 500],
];
const ULTRA: Steps = [[65_536, 100, 13]];
const PREMIUM_V2: Steps = [[65_536, 3000, 125]];

/** What a disk of a kind and size does when nobody asked for more. */
export function speedOf(sku: string, sizeGB: number): Speed {
  const steps = stepsOf(sku);
  const [, iops, mbps, tier] = steps.find(([upTo]) => sizeGB <= upTo) ??
    steps.at(-1) ?? [0, 500, 60];
  return { iops, mbps, ...(tier ? { tier } : {}) };
}

function stepsOf(sku: string): Steps {
  if (sku === 'PremiumV2_LRS') return PREMIUM_V2;
  if (sku.startsWith('Premium_')) return PREMIUM;
  if (sku.startsWith('StandardSSD_')) return STANDARD_SSD;
  return sku.startsWith('Ultra') ? ULTRA : STANDARD;
}
