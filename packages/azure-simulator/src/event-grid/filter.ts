import { isObject } from '../resources/json.ts';
import type { GridEvent, TopicKind } from './event.ts';
import { OPERATORS } from './filter-operators.ts';

/** One condition on a value of the event, in the words of a template. */
export interface AdvancedFilter {
  readonly operatorType: string;
  /** `subject`, or `data.a.b` for a nested value. */
  readonly key: string;
  readonly value?: unknown;
  readonly values?: readonly unknown[];
}

/** Which events a subscription wants. Source: "Understand event filtering for Event Grid". */
export interface EventFilter {
  /** All types when absent. */
  readonly includedEventTypes?: readonly string[];
  readonly subjectBeginsWith?: string;
  readonly subjectEndsWith?: string;
  /** Of the subject alone; other comparisons always disregard case. */
  readonly isSubjectCaseSensitive?: boolean;
  readonly enableAdvancedFilteringOnArrays?: boolean;
  /** All must hold. */
  readonly advancedFilters?: readonly AdvancedFilter[];
}

/** Whether an event of a topic passes a filter. */
export function passes(event: GridEvent, kind: TopicKind, filter: EventFilter): boolean {
  const { includedEventTypes, subjectBeginsWith = '', subjectEndsWith = '' } = filter;
  const cased = (text: string) => (filter.isSubjectCaseSensitive ? text : text.toLowerCase());
  const subject = cased(event.subject);
  const arrays = filter.enableAdvancedFilteringOnArrays === true;
  return (
    kind === event.kind &&
    (!includedEventTypes || includedEventTypes.some((type) => same(type, event.type))) &&
    subject.startsWith(cased(subjectBeginsWith)) &&
    subject.endsWith(cased(subjectEndsWith)) &&
    (filter.advancedFilters ?? []).every((it) => holds(it, valueAt(event, it.key), arrays))
  );
}

function holds(filter: AdvancedFilter, value: unknown, arrays: boolean): boolean {
  const operator = OPERATORS[filter.operatorType.toLowerCase()];
  if (!operator) return false;
  if (value === undefined || value === null) return operator.whenMissing;
  if (!Array.isArray(value)) return operator.test(value, filter);
  if (!arrays) return false;
  // A negated operator holds when it holds for every element.
  return operator.negated
    ? value.every((it) => operator.test(it, filter))
    : value.some((it) => operator.test(it, filter));
}

/** Dots part the steps, always: a name that holds a dot itself cannot be reached. */
function valueAt(event: GridEvent, key: string): unknown {
  const [first = '', ...steps] = key.split('.');
  if (first.toLowerCase() !== 'data') return envelopeValue(event, key);
  return steps.reduce<unknown>((it, step) => (isObject(it) ? it[step] : undefined), event.data);
}

/** Names of both envelopes. */
function envelopeValue(event: GridEvent, key: string): unknown {
  const { id, topic, subject, type, dataVersion } = event;
  const values: Readonly<Record<string, string>> = {
    id,
    topic,
    source: String(event.cloudEvent?.['source'] ?? topic),
    subject,
    eventtype: type,
    type,
    dataversion: dataVersion,
  };
  return values[key.toLowerCase()] ?? event.cloudEvent?.[key];
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
