/** What can be alerted; the name is part of the de-duplication key and never changes. */
export type AlertType =
  | 'vm-left-off'
  | 'vm-maybe-left-off'
  | 'conversion-died'
  | 'vm-still-marked'
  | 'set-stopped'
  | 'subscription-stopped'
  | 'size-stopped'
  | 'everything-stopped'
  | 'too-many-eligible'
  | 'approval-needed'
  | 'journal-late'
  | 'journal-away'
  | 'conversion-failed';

/** As the common alert schema names them: 0 is the worst. */
type Severity = 'Sev0' | 'Sev1' | 'Sev2' | 'Sev3' | 'Sev4';

/** Something that a person has to know, wherever it is then sent. Plain JSON. */
export interface Alert {
  readonly type: AlertType;
  readonly severity: Severity;
  /** Alerts with the same key are about the same thing: the later one replaces the earlier. */
  readonly key: string;
  /** ARM ID of what it is about, or of nothing in particular: `keyturn`. */
  readonly target: string;
  /** What happened, and what to do. */
  readonly summary: string;
  /** ARM's code, where there is one. */
  readonly code: string | null;
}

const SEVERITIES: Readonly<Record<AlertType, Severity>> = {
  'vm-left-off': 'Sev1',
  'vm-maybe-left-off': 'Sev1',
  'set-stopped': 'Sev1',
  'subscription-stopped': 'Sev1',
  'size-stopped': 'Sev1',
  'everything-stopped': 'Sev1',
  'conversion-died': 'Sev2',
  'vm-still-marked': 'Sev2',
  'too-many-eligible': 'Sev2',
  'journal-late': 'Sev2',
  'journal-away': 'Sev2',
  'conversion-failed': 'Sev3',
  'approval-needed': 'Sev4',
};

/** Puts an alert together: severity and key follow from its type and target. */
export function alertAbout(
  type: AlertType,
  target: string,
  summary: string,
  code: string | null = null,
): Alert {
  return {
    type,
    severity: SEVERITIES[type],
    key: `${type} ${target.toLowerCase()}`,
    target,
    summary,
    code,
  };
}
