const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Carries a request to a webhook on this machine. Others cannot be reached: nothing that the
 * simulated Azure does leaves the machine.
 */
export async function deliverToWebhook(request: Request): Promise<Response> {
  const { hostname } = new URL(request.url);
  if (!LOOPBACK.test(hostname)) throw new Error(`${hostname} is not on this machine.`);
  return fetch(request);
}
