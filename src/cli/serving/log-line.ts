/** A line of the log as JSON: when it was, and its own members where the message is JSON itself. */
export function logLine(line: object, at: Date): string {
  const { message, ...rest } = line as { readonly message?: unknown };
  const said = typeof message === 'string' ? (objectIn(message) ?? { message }) : {};
  return JSON.stringify({ at: at.toISOString(), ...rest, ...said });
}

function objectIn(text: string): object | null {
  if (!text.startsWith('{')) return null;
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' ? json : null;
  } catch {
    return null;
  }
}
