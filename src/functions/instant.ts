import { z } from 'zod';

/** A date, which begins at midnight UTC, or a date and time with its offset; in ms since 1970. */
export const Instant = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })])
  .transform((text) => Date.parse(text));
