/**
 * `Details` of a failed activity: the members of the .NET exception that the genuine host
 * serialises there and that code may want to read, with its JSON nesting.
 */
export function activityFailureDetails(error: unknown): string {
  const isError = error instanceof Error;
  const message = isError ? error.message : String(error);
  return JSON.stringify({
    $type: 'System.Exception, System.Private.CoreLib',
    ClassName: 'System.Exception',
    Message: message,
    InnerException: {
      $type:
        'Microsoft.Azure.WebJobs.Script.Workers.Rpc.RpcException, Microsoft.Azure.WebJobs.Script',
      RemoteMessage: message,
      RemoteStackTrace: isError ? (error.stack ?? '') : '',
    },
  });
}

/** `Details` of a failed child, without the .NET stack that follows on the genuine host. */
export function childFailureDetails(error: string): string {
  return `Message: ${error}, StackTrace:`;
}
