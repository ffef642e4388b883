import { attemptHeader, epochHeader } from '#canvas/gateway-wire.ts';
import { createSeededRandom } from '../seeded-random.ts';
import { Schedule } from './schedule.ts';
import { drawSettings } from './settings.ts';

/** Runs one schedule and tells what leaves the device, what comes back, and what is written down. */
export async function tellStory(seed: number, say: (line: string) => void): Promise<void> {
  const random = createSeededRandom(seed);
  const settings = drawSettings(random);
  const schedule = new Schedule(seed, settings, random);
  const { world } = schedule;
  const { network, disk, time } = world;
  const line = (...words: (string | number | undefined)[]) => {
    say([(time.now / 1000).toFixed(2), ...words.filter((word) => word !== undefined)].join(' '));
  };
  const { plan, onAnswer } = network;
  network.plan = (hop) => {
    const fate = plan(hop);
    const { [attemptHeader]: attempt, [epochHeader]: epoch } = hop.headers;
    line(hop.leg, hop.kind, hop.path.slice(-50), attempt, `epoch ${epoch ?? '-'}`, JSON.stringify(fate));
    return fate;
  };
  network.onAnswer = (hop, answer) => {
    line('  answer to', hop.kind, answer.status, answer.body.slice(0, 90));
    onAnswer?.(hop, answer);
  };
  const addLog = disk.addLog.bind(disk);
  disk.addLog = (entry) => {
    line('    log', entry.what, entry.attempt, entry.batch, entry.lane, entry.mark);
    addLog(entry);
  };
  say(JSON.stringify(settings));
  try {
    await schedule.run();
    line('all holds');
  } catch (error) {
    line(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  for (const mark of world.marks()) {
    say(
      `${mark.id} ${mark.student} ${mark.state} ${mark.batchId ?? ''} rows ${schedule.watch.rowsOf(mark).join()}`,
    );
  }
  say(
    JSON.stringify(
      { lanes: [...disk.lanes.values()], status: schedule.device.tabs.map((tab) => tab.engine.status.get()) },
      null,
      1,
    ),
  );
}
