/** Which door a call came through: the webhook, or the endpoint of the client library. */
export type Door = 'webhook' | 'rpc';
