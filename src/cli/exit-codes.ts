/** What a command's exit code says; the same for every command. */
export const EXIT = {
  clean: 0,
  /** The command line, the setup or the sign-in was wrong: nothing was done. */
  usage: 1,
  /** Some of the work failed. */
  failed: 2,
  /** All went well, and there is something for a person to look at. */
  findings: 3,
} as const;
