import type { Answer } from './arm/answer.ts';
import type { Call, Route } from './arm/route.ts';
import type { ChangeEvents } from './change-events.ts';
import type { World } from './world.ts';

/** Who learns of calls, and of operations that end: Resource Graph, then whoever gets events. */
export function aroundCalls({ operations, graphLag }: World, events: ChangeEvents) {
  operations.onEnd = (operation) => {
    graphLag.operationEnded(operation.id);
    events.operationEnded(operation);
  };
  return {
    beforeCall(call: Call): void {
      graphLag.before(call);
    },
    afterCall(call: Call, route: Route, answered: Answer): void {
      graphLag.after(answered);
      events.afterCall(call, route, answered);
    },
  };
}
