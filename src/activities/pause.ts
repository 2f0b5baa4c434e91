/** Waits inside an activity, for seconds; anything longer is a durable timer's. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
