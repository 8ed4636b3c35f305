import { acknowledge, approve, cancelTask, completeTask, postponeTask, reject, resolve, snooze } from '../work/deeds';
import { say } from '../work/said';
import type { Item } from './dayOrder';

export type Verb = 'accept' | 'snooze' | 'done' | 'refuse' | 'edit';

/** Does with an item what a key asks for; null where nothing was done. What cannot be done with it is said. */
export async function deal(item: Item, verb: Verb): Promise<Item | null> {
  switch (item.kind) {
    case 'alert': {
      const alert = verb === 'accept' ? await acknowledge(item.it) : verb === 'snooze' ? await snooze(item.it)
        : verb === 'done' || verb === 'refuse' ? await resolve(item.it) : not('An alert has no text to edit.');
      return alert && { kind: 'alert', it: alert };
    }
    case 'draft': {
      const draft = verb === 'accept' ? await approve(item.it) : verb === 'refuse' ? await reject(item.it)
        : not('A draft is approved (a), edited (e) or rejected (x).');
      return draft && { kind: 'draft', it: draft };
    }
    case 'task': {
      const task = verb === 'done' || verb === 'accept' ? await completeTask(item.it) : verb === 'refuse' ? await cancelTask(item.it)
        : verb === 'snooze' ? await postponeTask(item.it) : not('A task has no text to edit.');
      return task && { kind: 'task', it: task };
    }
  }
}

function not(why: string): null {
  say(why);
  return null;
}
