/** Why the operating system said no, in words for a person; null when it was no such error. */
export function systemReason(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string')
    return null;
  return REASONS[error.code] ?? (/^E[A-Z0-9]+$/.test(error.code) ? error.code : null);
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not do that',
  EADDRINUSE: 'it is in use',
  EEXIST: 'a file of that name stands in the way',
  EISDIR: 'it is a folder',
  ENOENT: 'there is no such file or folder',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is no folder',
  EPERM: 'this user may not do that',
  EROFS: 'the file system is read-only',
};
