import type { Act, Story, StoryPolicy } from './story.ts';

/** Says a story in a few lines that a person can read. */
export function tellStory(story: Story): string {
  const { seed, startsAt, estate, policy, events, sweepEveryMinutes, lastsMinutes } = story;
  const timers = story.timersFireEarly ? ', timers early' : '';
  const vms = (estate.virtualMachines ?? []).map((vm) => {
    const { name, location, power, dataDisks, tags, availabilitySet, zones } = vm;
    const data = typeof dataDisks === 'number' ? dataDisks : 0;
    const more = [
      power,
      location,
      `${data} data disks`,
      ...(availabilitySet ? [availabilitySet] : []),
      ...(zones ? [`zone ${zones.join()}`] : []),
      ...Object.entries(tags ?? {}).map(([tag, value]) => `${tag}=${value}`),
    ];
    return `  ${name}: ${more.join(', ')}`;
  });
  const disks = (estate.disks ?? []).map(({ name, attachedTo = [], tags }) => {
    const text = JSON.stringify({ attachedTo, tags });
    return `  ${name}: ${text}`;
  });
  const held = [
    ...(estate.snapshots ?? []).map(({ disk }) => `snapshot of ${disk}`),
    ...(estate.restorePoints ?? []).map(({ vm }) => `restore point of ${vm}`),
  ];
  return [
    `seed ${seed}, from ${startsAt} for ${lastsMinutes} min, a sweep every ${sweepEveryMinutes} min, ${events ? 'with' : 'without'} events${timers}`,
    ...vms,
    ...disks,
    ...(held.length > 0 ? [`  ${held.join(', ')}`] : []),
    `  policy: ${tellPolicy(policy)}`,
    ...story.happenings.map(({ on, acts }) => {
      const when = 'minute' in on ? `minute ${on.minute}` : `before ${on.call} no. ${on.nth}`;
      return `  ${when}: ${acts.map(tellAct).join('; ')}`;
    }),
  ].join('\n');
}

function tellPolicy(policy: StoryPolicy | 'broken'): string {
  if (policy === 'broken') return 'broken';
  const { mode, when, windows, exclusions, caps, mayDeallocate, scope, stopAfterFailures } = policy;
  const more = { mode, when, windows, exclusions, caps, mayDeallocate, stopAfterFailures };
  return JSON.stringify({ ...more, scopes: scope.length });
}

function tellAct(act: Act): string {
  const { act: name, ...rest } = act;
  if (act.act === 'policy') return `policy ${tellPolicy(act.policy)}`;
  const text = JSON.stringify(rest).replaceAll(/"[^"]*\/providers\/[^"/]+\//g, '"');
  return text === '{}' ? name : `${name} ${text}`;
}
