import fc from 'fast-check';
import type { BatchId, MarkId, UserId } from '#domain/ids.ts';
import { openStates } from '#domain/mark.ts';
import { StorageError } from '#store/port.ts';
import type { Tap } from '#store/mark-actions.ts';
import { GuardError } from '#sync/transitions/guard.ts';
import { handOver, takeOverMarks, type FileMark } from '#sync/transitions/hand-over.ts';
import { portalPage, serverError, throttled, unauthenticated } from '../model-canvas.ts';
import type { Fuse } from './fused-store.ts';
import type { RealWorld, Trouble } from './real-world.ts';
import { assessmentKey, colleague, courses, students, teacher } from './school.ts';
import type { Tab, Tablet } from './tablet.ts';

/** As much of the state as decides which commands make sense. */
export interface Model {
  user: UserId;
  isSignedIn: boolean;
  isOnline: boolean;
  /** Rescue files that nobody has taken over yet; with whose marks. */
  files: { readonly user: UserId; readonly id: string; readonly marks: FileMark[] }[];
}

export type Command = fc.AsyncCommand<Model, RealWorld>;

export function newModel(): Model {
  return { user: teacher, isSignedIn: true, isOnline: true, files: [] };
}

/** A command: afterwards, whatever it was, the invariants hold. */
function command(
  name: string,
  run: (model: Model, world: RealWorld) => Promise<void>,
  check: (model: Model) => boolean = () => true,
): Command {
  return {
    check: (model) => check(model),
    run: async (model, world) => {
      await run(model, world);
      await world.oracle.check();
    },
    toString: () => name,
  };
}

const one = (world: RealWorld): Tablet => world.tablets[0];

/** Does something with the tab in front, and lets time pass meanwhile: what it is about may die on the way. */
async function act(
  model: Model,
  world: RealWorld,
  does: (tab: Tab) => Promise<unknown>,
  passMs = 0,
): Promise<Tab> {
  const tab = await world.front(one(world), model.user);
  does(tab).catch((error: unknown) => {
    // The store said that it did not happen.
    if (!(error instanceof StorageError) && !(error instanceof GuardError)) world.oracle.unexpected(error);
  });
  await world.time.run(passMs);
  return tab;
}

interface TapShape {
  readonly student: UserId;
  readonly course: number;
  readonly passed: boolean;
  readonly holdMs: number | null;
}

function tapOf(world: RealWorld, tab: Tab, { student, course, passed, holdMs }: TapShape): Tap {
  const id = world.random.uuid() as MarkId;
  const tappedAt = tab.clock.wallMs();
  return { id, course: courses[course]!, assessmentKey, student, passed, tappedAt, holdMs };
}

async function save(world: RealWorld, tab: Tab, taps: readonly Tap[]): Promise<void> {
  const [first] = taps;
  if (first === undefined) return;
  const created = taps.length === 1 ? [await tab.marks.create(first)] : await tab.marks.createAll(taps);
  world.oracle.saved(
    one(world),
    tab.user,
    created.map(({ mark }) => mark),
  );
  tab.engine.kick('marks');
}

const tap = fc.record({
  student: fc.constantFrom(...students),
  course: fc.nat(courses.length - 1),
  passed: fc.boolean(),
  holdMs: fc.constantFrom(0, 0, 5_000, null),
});
const passMs = fc.constantFrom(0, 0, 50, 1_500);

const taps = fc.tuple(tap, passMs).map(([shape, ms]) =>
  command(`tap ${JSON.stringify(shape)} +${ms}`, async (model, world) => {
    await act(model, world, (tab) => save(world, tab, [tapOf(world, tab, shape)]), ms);
  }),
);

const tapsGivenTwice = tap.map((shape) =>
  command(`tap twice ${JSON.stringify(shape)}`, async (model, world) => {
    await act(model, world, (tab) => {
      const given = tapOf(world, tab, shape);
      return Promise.all([save(world, tab, [given]), save(world, tab, [given])]);
    });
  }),
);

const gestures = fc.array(tap, { minLength: 2, maxLength: 4 }).map((shapes) =>
  command(`pass the rest, ${shapes.length}`, async (model, world) => {
    await act(model, world, (tab) =>
      save(
        world,
        tab,
        shapes.map((shape) => tapOf(world, tab, shape)),
      ),
    );
  }),
);

const undos = passMs.map((ms) =>
  command(`undo +${ms}`, async (model, world) => {
    const undoLast = async (tab: Tab) => {
      const [step] = await tab.marks.undoHistory(1);
      if (step === undefined) return;
      const { restored } = await tab.marks.undo(step, null);
      world.oracle.saved(one(world), tab.user, restored);
    };
    await act(model, world, undoLast, ms);
  }),
);

const replacements = tap.map((shape) =>
  command(`replace by ${JSON.stringify(shape)}`, async (model, world) => {
    await act(model, world, async (tab) => {
      const [step] = await tab.marks.undoHistory(1);
      const old = step?.marks[0];
      if (old === undefined) return;
      const { student, course, assessmentKey: key } = old;
      const replaced = await tab.marks.replace(old.seq, {
        ...tapOf(world, tab, shape),
        student,
        course,
        assessmentKey: key,
      });
      if (replaced.outcome === 'replaced') world.oracle.saved(one(world), tab.user, [replaced.mark]);
    });
  }),
);

const sendNow = fc.constantFrom(0, 20, 3_000).map((ms) =>
  command(`send now +${ms}`, async (model, world) => {
    await act(model, world, (tab) => tab.engine.sendNow(), ms);
  }),
);

const waits = fc.constantFrom(100, 3_000, 20_000, 130_000).map((ms) =>
  command(`wait ${ms}`, async (_model, world) => {
    await world.time.run(ms);
  }),
);

const offline = fc.boolean().map((to) =>
  command(
    to ? 'online' : 'offline',
    async (model, world) => {
      model.isOnline = to;
      world.isOnline = to;
      if (to) for (const tab of one(world).tabs) tab.engine.kick('online');
      await world.time.run(100);
    },
    (model) => model.isOnline !== to,
  ),
);

const page = (status: number) => ({ ...portalPage(), status });

/** Within A1 to A3: what takes effect does so within SETTLE of the end of its attempt. */
const orderlyTroubles: readonly Trouble[] = [
  { leg: 'device', kind: 'post', fate: { answer: 'lost', failMs: 400 } },
  { leg: 'device', kind: 'post', fate: { arriveMs: 'never', failMs: 400 } },
  { leg: 'device', kind: 'post', fate: { arriveMs: 'never' } },
  { leg: 'device', kind: 'post', fate: { arriveMs: 30_000, failMs: 400 } },
  { leg: 'device', kind: 'post', fate: { arriveMs: 'never', answer: portalPage() } },
  { leg: 'device', kind: 'post', fate: { answer: page(502) } },
  { leg: 'device', kind: 'post', fate: { copies: 2, answer: 'lost', failMs: 400 } },
  { leg: 'device', kind: 'post', fate: { answerMs: 80_000 } },
  { leg: 'upstream', kind: 'post', fate: { noConnection: true } },
  { leg: 'upstream', kind: 'post', fate: { answer: 'lost' } },
  { leg: 'upstream', kind: 'post', fate: { answer: serverError() } },
  { leg: 'upstream', kind: 'post', fate: { arriveMs: 'never', answer: serverError() } },
  { leg: 'upstream', kind: 'post', fate: { arriveMs: 'never', answer: throttled() } },
  { leg: 'upstream', kind: 'post', fate: { arriveMs: 'never', answer: unauthenticated() } },
  { leg: 'device', kind: 'read', fate: { arriveMs: 'never', failMs: 400 } },
  { leg: 'device', kind: 'read', fate: { answer: page(503) } },
  { leg: 'device', kind: 'create', fate: { answer: 'lost', failMs: 400 } },
  { leg: 'device', kind: 'inquiry', fate: { arriveMs: 'never', failMs: 400 } },
];

/** Against A1: a POST takes effect long after its attempt was taken for absent. */
const lateCommit: Trouble = { leg: 'upstream', kind: 'post', fate: { arriveMs: 400_000, failMs: 400 } };

/** A send that runs into trouble, now or when something is sent. */
const troubles = (choice: readonly Trouble[]) =>
  fc
    .tuple(fc.constantFrom(...choice), tap, fc.constantFrom(0, 60, 3_000, 90_000))
    .map(([trouble, shape, ms]) =>
      command(`trouble ${JSON.stringify({ trouble, shape, ms })}`, async (model, world) => {
        world.troubles.push(trouble);
        await act(model, world, (tab) => saveAndSend(world, tab, shape), ms);
      }),
    );

async function saveAndSend(world: RealWorld, tab: Tab, shape: TapShape): Promise<void> {
  await save(world, tab, [tapOf(world, tab, shape)]);
  await tab.engine.sendNow();
}

/** So many transactions does a tap take that is sent at once, and some more. */
const transactions = fc.nat(25);

const kills = fc
  .record({
    what: fc.constantFrom<Fuse['what']>('kill-before', 'kill-after'),
    transactions,
    shape: tap,
    ms: fc.constantFrom(0, 40, 500, 5_000),
  })
  .map(({ shape, ms, ...fuse }) =>
    command(`kill ${JSON.stringify({ fuse, shape, ms })}`, async (model, world) => {
      const sending = (tab: Tab) => {
        tab.store.fuse = { ...fuse };
        return saveAndSend(world, tab, shape);
      };
      (await act(model, world, sending, ms)).life.kill();
    }),
  );

const reloads = fc.constantFrom(0, 1_000).map((ms) =>
  command(`reload +${ms}`, async (model, world) => {
    (await world.front(one(world), model.user)).life.kill();
    await one(world).open(model.user);
    await world.time.run(ms);
  }),
);

const freezes = fc
  .record({
    transactions,
    shape: tap,
    frozenMs: fc.constantFrom(1_000, 8_000, 200_000),
    other: fc.boolean(),
  })
  .map((how) =>
    command(`freeze ${JSON.stringify(how)}`, async (model, world) => {
      const sending = (tab: Tab) => {
        tab.store.fuse = { transactions: how.transactions, what: 'freeze' };
        return saveAndSend(world, tab, how.shape);
      };
      const tab = await act(model, world, sending, 2_000);
      tab.store.fuse = undefined;
      tab.life.freeze();
      if (how.other) await one(world).open(model.user);
      await world.time.run(how.frozenMs);
      tab.life.thaw();
      await world.time.run(1_000);
    }),
  );

const secondTabs = fc.constant(
  command('open another tab', async (model, world) => {
    await one(world).open(model.user);
    await world.time.run(100);
  }),
);

const handChanges = fc.constantFrom(teacher, colleague).map((user) =>
  command(
    `sign in as ${user}`,
    async (model, world) => {
      model.user = user;
      model.isSignedIn = true;
      await world.changeHands(one(world), user);
    },
    (model) => model.user !== user,
  ),
);

const sessions = fc.boolean().map((to) =>
  command(
    to ? 'sign in again' : 'the session ends',
    async (model, world) => {
      model.isSignedIn = to;
      one(world).session = to ? model.user : undefined;
      if (to) (await world.front(one(world), model.user)).engine.kick('signed-in');
      await world.time.run(100);
    },
    (model) => model.isSignedIn !== to,
  ),
);

const clocks = fc.constantFrom(-3_600_000, -1_000, 1_000, 90_000, 86_400_000).map((byMs) =>
  command(`clock ${byMs}`, async (_model, world) => {
    one(world).setClock(byMs);
    await world.time.run(0);
  }),
);

const deploys = passMs.map((ms) =>
  command(`deploy +${ms}`, async (model, world) => {
    await world.front(one(world), model.user);
    await one(world).deploy(model.user);
    await world.time.run(ms);
  }),
);

const rescues = fc.constant(
  command('write a rescue file', async (model, world) => {
    const { user } = model;
    const id = world.random.uuid();
    await act(model, world, async ({ store, clock }) => {
      const marks = await store.write(async (tx) => {
        const open = (await Promise.all(openStates.map((state) => tx.marks.byState(state)))).flat();
        const seqs = open.map(({ seq }) => seq);
        const gone = await handOver(tx, { seqs, fileId: id, at: clock.wallMs() });
        const was = new Map(open.map((mark) => [mark.seq, mark.state]));
        return gone.map(
          (mark) => ({ ...mark, state: was.get(mark.seq) === 'UNKNOWN' ? 'UNKNOWN' : 'QUEUED' }) as const,
        );
      });
      if (marks.length > 0) model.files.push({ user, id, marks });
    });
  }),
);

const takeOvers = fc.constantFrom(0, 1).map((where) =>
  command(
    `take a file over, tablet ${where}`,
    async (model, world) => {
      const [file] = model.files.filter(({ user }) => user === model.user);
      if (file === undefined) return;
      model.files = model.files.filter((other) => other !== file);
      const tablet = world.tablets[where];
      if (where === 1) tablet.session = model.user;
      const tab = await world.front(tablet, model.user);
      const newBatch = () => world.random.uuid() as BatchId;
      const facts = { marks: file.marks, fileId: file.id, at: tab.clock.wallMs(), newBatch };
      const { taken } = await tab.account.sync.write((tx) => takeOverMarks(tx, facts));
      world.oracle.saved(tablet, model.user, taken);
      tab.engine.kick('marks');
      await world.time.run(100);
    },
    (model) => model.files.some(({ user }) => user === model.user),
  ),
);

/** Every kind of command. @param late also what A1 excludes */
export function anyCommands({ late }: { late: boolean }): fc.Arbitrary<Iterable<Command>> {
  const often = [taps, taps, taps, sendNow, waits, troubles(orderlyTroubles), kills];
  return fc.commands(
    [
      ...often,
      ...(late ? [troubles([lateCommit])] : []),
      tapsGivenTwice,
      gestures,
      undos,
      replacements,
      offline,
      reloads,
      freezes,
      secondTabs,
      handChanges,
      sessions,
      clocks,
      deploys,
      rescues,
      takeOvers,
    ],
    { maxCommands: 40, size: 'max' },
  );
}

/** One more mark of every student in every class, by everybody, everywhere: whatever came late is read with it. */
export async function markEverybody(world: RealWorld): Promise<void> {
  for (const tablet of world.tablets) {
    for (const user of tablet.users) {
      await world.changeHands(tablet, user);
      const tab = await world.front(tablet, user);
      for (let course = 0; course < courses.length; course += 1) {
        const shapes = students.map((student) => ({ student, course, passed: true, holdMs: 0 }));
        const marks = await tab.marks.createAll(shapes.map((shape) => tapOf(world, tab, shape)));
        world.oracle.saved(
          tablet,
          user,
          marks.map(({ mark }) => mark),
        );
        tab.engine.kick('marks');
      }
    }
  }
}
