/** Where the embedded host is known to differ from the recordings of the genuine one. */
export interface Difference {
  /** Matches `<recording> <line or exchange> <member>`. */
  readonly where: RegExp;
  readonly what: string;
  readonly why: string;
}

export const differences: readonly Difference[] = [
  {
    where: /^management \S+:.*\/headers\/(server|transfer-encoding)$/,
    what: 'No `server` header; bodies have a `content-length` instead of being chunked.',
    why: 'A matter of the web server, of no meaning to a client.',
  },
  {
    where: /^management control:restart,/,
    what: 'Restart answers 501.',
    why: 'Not used: a start under the same id does it.',
  },
  {
    where: /^management control:entity,/,
    what: 'Entities answer 501, and an orchestrator that uses one fails and says so.',
    why: 'Not used.',
  },
  {
    where: /^management admin:function\/body\/(script_href|test_data_href|config\/)/,
    what: '`/admin/functions/{name}` names no script file.',
    why: 'An app may register its functions without one.',
  },
  {
    where: /^management (admin:status|auth:.*)\/body\/id$/,
    what: '`/admin/host/status` has a fixed id.',
    why: 'The genuine one is derived from the name of the machine.',
  },
  {
    where: /^management auth:.*\/body\/(script_href|test_data_href|config\/)/,
    what: '`/admin/functions/{name}` names no script file.',
    why: 'An app may register its functions without one.',
  },
  {
    where: /^eventData eventData\.nothing\/text$/,
    what: 'The text about malformed JSON is shorter and has no stack trace.',
    why: 'It is the text of a .NET exception.',
  },
  {
    where: /^durableClient \/input\/requiredQueryStringParameters$/,
    what: 'Without keys the links of the durable client carry an empty `code`.',
    why: 'The genuine host has keys also where it does not enforce them.',
  },
  {
    where: /^(?!)/,
    what: 'Timers fire when they are due, never up to a second early.',
    why: 'Whole-second queue delays belong to Azure Storage. Not visible in normalised recordings.',
  },
  {
    where: /^(?!)/,
    what: '`callHttp`, entity calls, signals and locks fail the instance by name; rewind answers 501.',
    why: 'Not used; an activity does the same with a test and a retry policy.',
  },
  {
    where: /^(?!)/,
    what: '`retryTimeoutInMilliseconds` is ignored.',
    why: 'On the genuine host the orchestrator stops without running `finally` when it elapses.',
  },
  {
    where: /^(?!)/,
    what: 'With keys enforced the client endpoint `/durabletask` wants a key on the socket.',
    why: 'The genuine host keeps it on a port of its own; here the client library calls in process.',
  },
  {
    where: /^(?!)/,
    what: 'A timer function may be up to ten minutes late after the wall clock was set forward.',
    why: 'Waits of the process do not follow the wall clock; it is looked at every ten minutes.',
  },
  {
    where: /^(?!)/,
    what: 'An instance whose history holds a task that its code does not open any more fails at once.',
    why: 'Found late or never on the genuine host; the message is not the same.',
  },
  {
    where: /^(?!)/,
    what: '`createHttpManagementPayload` points at localhost:7071, unless WEBSITE_HOSTNAME is set.',
    why: 'durable-functions reads that variable, and several hosts share one process.',
  },
  {
    where: /^(?!)/,
    what: 'An instance of a newer version than the host always fails, and its text is ours.',
    why: '`versionFailureStrategy: Fail`; by any other the genuine host keeps it waiting for its release.',
  },
];
