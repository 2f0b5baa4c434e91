/** Points of a distribution: probability → seconds, joined by straight lines. */
export type Quantiles = readonly (readonly [probability: number, seconds: number])[];

/**
 * Server-side durations (`endTime − startTime` of the operation).
 *
 * Source: recorded test traffic of azure-cli, azure-sdk-for-net and azure-service-operator. Years
 * and sample sizes are beside each table. Recorded disks are 10–30 GiB and hold no data, recorded
 * machines are small: nothing is known about big ones.
 */
export const DURATIONS = {
  // 2024–2025, n = 124; Azure got faster every year, so older recordings are left out.
  'vm.deallocate': [
    [0, 9.02],
    [0.05, 11.22],
    [0.25, 15.31],
    [0.5, 18.28],
    [0.75, 24.19],
    [0.95, 31.3],
    [0.975, 55.13],
    [0.985, 140.27],
    [1, 288.25],
  ],
  // 2018–2024, n = 73.
  'vm.deallocate stopped': [
    [0, 8.72],
    [0.05, 13.63],
    [0.25, 24.34],
    [0.5, 29.16],
    [0.75, 40.77],
    [0.9, 60],
    [1, 524.13],
  ],
  // Assumption: nothing is left to do, as for a start of a running machine.
  'vm.deallocate deallocated': [
    [0, 0.08],
    [0.5, 0.14],
    [1, 0.55],
  ],
  // 2022–2024, n = 104.
  'vm.start': [
    [0, 7.89],
    [0.05, 8.44],
    [0.25, 10.38],
    [0.5, 12.48],
    [0.75, 13.39],
    [0.95, 15.11],
    [0.99, 29.28],
    [1, 31.36],
  ],
  // 2022–2024, n = 39.
  'vm.start stopped': [
    [0, 2.84],
    [0.05, 2.91],
    [0.25, 4.66],
    [0.5, 6.34],
    [0.75, 9.19],
    [0.95, 19.27],
    [1, 20.34],
  ],
  // 2019–2024, n = 46.
  'vm.start running': [
    [0, 0.08],
    [0.25, 0.11],
    [0.5, 0.14],
    [0.75, 0.28],
    [0.95, 0.55],
    [1, 6.06],
  ],
  // 2017–2024, n = 437.
  'vm.powerOff': [
    [0, 3.36],
    [0.05, 4.66],
    [0.25, 6.55],
    [0.5, 8.84],
    [0.75, 11.98],
    [0.95, 21.69],
    [1, 37.25],
  ],
  // 2017–2024, n = 87.
  'vm.restart': [
    [0, 0.11],
    [0.25, 0.22],
    [0.5, 14.95],
    [0.75, 39.66],
    [0.95, 54.59],
    [1, 187.45],
  ],
  // 2018–2024, n = 328.
  'vm.patch': [
    [0, 0.05],
    [0.05, 0.13],
    [0.25, 3.75],
    [0.5, 4.99],
    [0.75, 7.42],
    [0.95, 16.25],
    [0.99, 20.5],
    [1, 88.75],
  ],
  // 2020–2023, n = 30, without the slow mode, which is drawn apart.
  'disk.encrypt': [
    [0, 0.52],
    [0.05, 0.53],
    [0.25, 1.13],
    [0.5, 2.16],
    [0.75, 2.75],
    [0.95, 3.69],
    [1, 5.16],
  ],
  // 2022–2023, n = 16.
  'disk.decrypt': [
    [0, 0.58],
    [0.25, 0.72],
    [0.5, 0.74],
    [0.75, 0.78],
    [0.95, 0.83],
    [1, 0.83],
  ],
  // 2017–2025, n = 239.
  'disk.update': [
    [0, 0.08],
    [0.25, 0.11],
    [0.5, 0.12],
    [0.75, 0.14],
    [0.95, 0.22],
    [1, 1.88],
  ],
  // 2017–2025, n = 782.
  'disk.create': [
    [0, 0.06],
    [0.25, 0.11],
    [0.5, 0.12],
    [0.75, 0.14],
    [0.95, 0.2],
    [1, 0.8],
  ],
  // 2017–2024, n = 260.
  'disk.copy': [
    [0, 0.23],
    [0.25, 0.53],
    [0.5, 0.62],
    [0.75, 0.77],
    [0.95, 1.08],
    [1, 5],
  ],
  // 2019–2025, n = 67.
  'disk.delete': [
    [0, 0.08],
    [0.25, 0.17],
    [0.5, 0.22],
    [0.75, 0.25],
    [0.95, 0.38],
    [1, 4.89],
  ],
  // 2017–2024, n = 131.
  'disk.beginGetAccess': [
    [0, 0.09],
    [0.25, 0.2],
    [0.5, 0.25],
    [0.75, 0.33],
    [0.95, 0.56],
    [1, 5],
  ],
  // 2019–2020, n = 7.
  'disk.endGetAccess': [
    [0, 0.11],
    [0.5, 0.14],
    [0.75, 0.89],
    [1, 1.98],
  ],
  // 2019–2024, n = 48.
  'snapshot.create': [
    [0, 0.2],
    [0.25, 0.61],
    [0.5, 0.78],
    [0.75, 1.57],
    [0.95, 2.2],
    [1, 5],
  ],
  // 2019–2025, n = 47.
  'snapshot.delete': [
    [0, 0.14],
    [0.25, 0.2],
    [0.5, 0.25],
    [0.75, 0.28],
    [0.95, 0.39],
    [1, 2.44],
  ],
  // 2020–2025, n = 511.
  'des.create': [
    [0, 0.03],
    [0.25, 0.06],
    [0.5, 0.08],
    [0.75, 0.09],
    [0.95, 0.67],
    [1, 5],
  ],
  // 2021–2023, n = 52, of sets that no disk used.
  'des.update': [
    [0, 0.17],
    [0.25, 0.28],
    [0.5, 0.59],
    [0.75, 0.7],
    [0.95, 1.16],
    [1, 1.2],
  ],
  // Assumption: recordings wait for no deletion of a group to its end.
  'group.delete': [
    [0, 15],
    [0.5, 45],
    [1, 180],
  ],
} as const satisfies Record<string, Quantiles>;
