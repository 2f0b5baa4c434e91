import { readFileSync, statSync } from 'node:fs';
import { CLOUD_NAMES, CLOUDS, type CloudName } from './azure/clouds.ts';
import type { WrittenPolicy } from './domain/policy/conversion-policy.ts';
import type { SignInSettings } from './people/sign-in-settings.ts';
import { judgeSchedule, type TimerSchedule } from './policy/judge-schedule.ts';
import { parsePolicy } from './policy/parse-policy.ts';
import { type JournalPlace, parseJournalPlace } from './store/journal-place.ts';

/** What the environment sets. */
export interface Config {
  readonly cloud: CloudName;
  /** When the sweep runs. */
  readonly sweepSchedule: TimerSchedule;
  readonly journal: JournalPlace;
  readonly signIn: SignInSettings;
  /**
   * The policy as the file says now; read again when the file has changed.
   *
   * @throws ConfigError when it has become unreadable or wrong.
   */
  readonly policy: () => WrittenPolicy;
}

/** The setup is wrong; thrown at start, with every problem at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options: ErrorOptions = {}) {
    super(`keyturn cannot start:\n${problems.map((each) => `  - ${each}`).join('\n')}`, options);
    this.problems = problems;
  }
}

const POLICY_FILE = 'KEYTURN_POLICY_FILE';
const CLOUD = 'KEYTURN_CLOUD';
const SWEEP_SCHEDULE = 'KEYTURN_SWEEP_SCHEDULE';
/** Azure's: by whose clocks timers go. Source: "Timer trigger for Azure Functions", time zones. */
const TIME_ZONE = 'WEBSITE_TIME_ZONE';
const JOURNAL = 'KEYTURN_JOURNAL';
const TENANT_ID = 'KEYTURN_TENANT_ID';
const CLIENT_ID = 'KEYTURN_API_CLIENT_ID';
/** Set by `keyturn serve` for itself; see there. */
export const LOCAL_PERSON = 'KEYTURN_LOCAL_PERSON';
const SCHEDULE_PROBLEMS = {
  unreadable: 'it must be an NCRONTAB expression.',
  'never-fires': 'it must fire at some time, and no such day ever comes.',
} as const;
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Reads the settings from the environment; the only place that does.
 *
 * @throws ConfigError with every problem, the policy file's included.
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const problems: string[] = [];
  const cloud = environment[CLOUD] ?? 'AzureCloud';
  if (!isCloudName(cloud)) {
    problems.push(`${CLOUD} is "${cloud}"; it must be one of ${CLOUD_NAMES.join(', ')}.`);
  }
  const sweepSchedule = readSchedule(environment, SWEEP_SCHEDULE, '0 */10 * * * *');
  if (typeof sweepSchedule === 'string') problems.push(sweepSchedule);
  const journal = readJournal(environment[JOURNAL], isCloudName(cloud) ? cloud : 'AzureCloud');
  if (typeof journal === 'string') problems.push(journal);
  const signIn = readSignIn(environment);
  if (typeof signIn === 'string') problems.push(signIn);
  const file = environment[POLICY_FILE];
  if (!file) {
    problems.push(`${POLICY_FILE} is not set; it must name the policy file.`);
    throw new ConfigError(problems);
  }
  const policy = policyReader(file);
  try {
    policy();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems);
  }
  const isWrong =
    typeof sweepSchedule === 'string' || typeof journal === 'string' || typeof signIn === 'string';
  if (problems.length > 0 || !isCloudName(cloud) || isWrong) throw new ConfigError(problems);
  return Object.freeze({ cloud, sweepSchedule, journal, signIn, policy });
}

function isCloudName(text: string): text is CloudName {
  return CLOUD_NAMES.some((name) => name === text);
}

/** A text is what is wrong with it. */
function readSchedule(
  environment: NodeJS.ProcessEnv,
  name: string,
  usual: string,
): TimerSchedule | string {
  const text = environment[name] ?? usual;
  const judged = judgeSchedule(text, environment[TIME_ZONE]);
  if (judged.kind === 'fires') return judged.schedule;
  return `${name} is "${text}"; ${SCHEDULE_PROBLEMS[judged.kind]}`;
}

/** A text is what is wrong with it. */
function readJournal(text: string | undefined, cloud: CloudName): JournalPlace | string {
  const { tableHostSuffixes } = CLOUDS[cloud];
  const must = `it must be https://ACCOUNT${tableHostSuffixes[0]} or the path of a file.`;
  if (!text) return `${JOURNAL} is not set; ${must}`;
  return parseJournalPlace(text, tableHostSuffixes) ?? `${JOURNAL} is "${text}"; ${must}`;
}

/** A text is what is wrong with it. */
function readSignIn(environment: NodeJS.ProcessEnv): SignInSettings | string {
  const { [TENANT_ID]: tenant, [CLIENT_ID]: client } = environment;
  for (const [name, id] of Object.entries({ [TENANT_ID]: tenant, [CLIENT_ID]: client })) {
    if (id && !GUID.test(id)) return `${name} is "${id}"; it must be a GUID.`;
  }
  if (!tenant !== !client) return `${TENANT_ID} and ${CLIENT_ID} must be set both, or neither.`;
  const [tenantId, clientId] = [tenant, client].map((id) => id?.toLowerCase());
  const [, keyDigest, user] = /^([0-9a-f]{64}) (.+)$/.exec(environment[LOCAL_PERSON] ?? '') ?? [];
  return {
    registration: tenantId && clientId ? { tenantId, clientId } : null,
    // Source: "Environment variables and app settings in Azure App Service", authentication.
    platform: environment['WEBSITE_AUTH_ENABLED']?.toLowerCase() === 'true',
    local: keyDigest && user ? { keyDigest, user } : null,
  };
}

function policyReader(file: string): () => WrittenPolicy {
  let known: { readonly version: string; readonly policy: WrittenPolicy } | null = null;
  return () => {
    const version = versionOf(file);
    if (known?.version !== version) known = { version, policy: readPolicy(file) };
    return known.policy;
  };
}

function versionOf(file: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    return `${mtimeMs} ${size} ${ino}`;
  } catch (error) {
    throw unreadable(file, error);
  }
}

function readPolicy(file: string): WrittenPolicy {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
  const parsed = parsePolicy(text);
  if (parsed.ok) return parsed.policy;
  throw new ConfigError(
    parsed.problems.map(({ line, path, message }) =>
      `${file}:${line}: ${path} ${message}`.replace(':  ', ': '),
    ),
  );
}

function unreadable(file: string, error: unknown): ConfigError {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
  return new ConfigError([`The policy file ${file} cannot be read: ${reason}.`], { cause: error });
}
