import type { ParseArgsOptionsConfig } from 'node:util';
import { EVERYTHING, parseStopScope, stopScopeText } from '../../domain/turn/stop-scope.ts';
import { UsageError } from '../usage-error.ts';

/** The options of commands that are about a stop. */
export const STOP_SCOPE_OPTIONS = {
  set: { type: 'string' },
  subscription: { type: 'string', short: 's' },
  size: { type: 'string' },
  series: { type: 'string' },
  location: { type: 'string', short: 'l' },
  zone: { type: 'string' },
} as const satisfies ParseArgsOptionsConfig;

export const STOP_SCOPE_OPTIONS_HELP = `  --set ARM_ID        Only what goes onto this disk encryption set.
  --subscription, -s  Only VMs and disks of this subscription, by its ID.
  --size SIZE         Only VMs of this size, e.g. Standard_E8s_v5, in the --location, or in a --zone of
                      it; with --subscription, only those of it.
  --series SERIES     Only VMs of all sizes of a series, e.g. Es_v5, likewise.
  --location, -l      Region of the --size or --series.
  --zone N            Zone of the --location.`;

type Named = { readonly [Option in keyof typeof STOP_SCOPE_OPTIONS]?: string | undefined };

/**
 * The scope that the options name; everything without any.
 *
 * @throws UsageError for options that name none.
 */
export function stopScopeIn(named: Named): string {
  const { set, subscription, size, series, location, zone } = named;
  const text = textOf({ set, subscription, size, series, location, zone });
  const scope = parseStopScope(text);
  if (scope === null || scope.kind === 'too-much') {
    throw new UsageError(`"${text}" is nothing that can be stopped.`);
  }
  return stopScopeText(scope);
}

function textOf({ set, ...others }: Named): string {
  if (set === undefined) return textWithoutSet(others);
  if (Object.values(others).some((value) => value !== undefined)) {
    throw new UsageError('Give --set alone.');
  }
  if (parseStopScope(set)?.kind === 'set') return set;
  throw new UsageError(`--set is "${set}"; it must be the ARM ID of a disk encryption set.`);
}

function textWithoutSet({ subscription, size, series, location, zone }: Omit<Named, 'set'>) {
  if (size !== undefined && series !== undefined) throw new UsageError('Give --size or --series.');
  const name = size ?? series;
  if (name === undefined) {
    if (location ?? zone) throw new UsageError('Give the --size, too.');
    return subscription === undefined ? EVERYTHING : `/subscriptions/${subscription}`;
  }
  if (location === undefined) throw new UsageError('Give the --location of the size, too.');
  const within = subscription === undefined ? '' : `/subscriptions/${subscription}/`;
  const kind = size === undefined ? 'series' : 'size';
  return `${within}${kind}/${name}/${location}${zone === undefined ? '' : `/${zone}`}`;
}

/** The options that name a scope, each with a space in front. */
export function stopScopeOptionsFor(text: string): string {
  const scope = parseStopScope(text);
  switch (scope?.kind) {
    case 'set':
      return ` --set ${scope.setId}`;
    case 'subscription':
      return ` --subscription ${scope.subscriptionId}`;
    case 'size':
    case 'series': {
      const { kind, name, region, zone, subscriptionId } = scope;
      const within = subscriptionId === null ? '' : ` --subscription ${subscriptionId}`;
      return ` --${kind} ${name} --location ${region}${zone === null ? '' : ` --zone ${zone}`}${within}`;
    }
    default:
      return '';
  }
}
