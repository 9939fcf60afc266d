import { recording } from '../testing/run-cli.ts';
import { Replay } from './replay.ts';

const ANSWERED = recording('answered').split('\n').filter(Boolean);
const END_OF_HALF_1 = ANSWERED.findLastIndex((line) => line.startsWith('{"type":"ChannelDestroyed"') && line.includes(';1","name"'));
const ONE_HALF_LOST = ANSWERED.toSpliced(END_OF_HALF_1, 1);

/** The same call as another, so much later. */
function later(lines: readonly string[], ms: number): string[] {
  const moved = (at: string): string => new Date(Date.parse(at) + ms).toISOString().replace('Z', '+0000');
  return lines.map((line) => line.replaceAll('01a1fbb9-99f4', '01a1fbb9-aaaa').replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+\+0000/g, moved));
}

function typesOf(lines: readonly string[]): { before: string[]; atEnd: string[] } {
  const replay = new Replay('pbx1');
  const short = (events: ReturnType<Replay['end']>): string[] => events.map(({ type, subject }) => `${type.slice('call.'.length)} ${subject.slice(9, 13)}`);
  const before = lines.flatMap((line) => {
    const taken = replay.take(line);
    return Array.isArray(taken) ? short(taken) : [taken.malformed];
  });
  return { before, atEnd: short(replay.end()) };
}

const CALL = ['dialing 99f4', 'ringing 99f4', 'answered 99f4', 'ended 99f4'];
const LATER_CALL = ['dialing aaaa', 'ringing aaaa', 'answered aaaa', 'ended aaaa'];

describe('Replay', () => {
  it('ends a call whose second half got lost before what comes seconds later', () => {
    expect(typesOf([...ONE_HALF_LOST, ...later(ANSWERED, 10_000)])).toEqual({ before: [...CALL, ...LATER_CALL], atEnd: [] });
  });

  it('and, when nothing comes any more, by running the time on', () => {
    expect(typesOf(ONE_HALF_LOST)).toEqual({ before: CALL.slice(0, 3), atEnd: CALL.slice(3) });
  });

  it('leaves a call that goes on when the recording stops without an end', () => {
    const replay = new Replay('pbx1');
    for (const line of ANSWERED.slice(0, 20)) replay.take(line);
    expect([replay.end(), replay.active]).toEqual([[], 1]);
  });

  it('does not let a wild timestamp end other calls', () => {
    const wild = String(later(ANSWERED, 40 * 365 * 86_400_000)[0]);
    const replay = new Replay('pbx1');
    for (const line of ANSWERED.slice(0, END_OF_HALF_1)) replay.take(line);
    expect(replay.take(wild)).toEqual([]);
    expect(replay.take(String(ANSWERED[END_OF_HALF_1]))).toMatchObject([{ type: 'call.ended' }]);
  });

  it('takes recordings of different days behind each other', () => {
    expect(typesOf([...ONE_HALF_LOST, ...later(ANSWERED, 30 * 86_400_000)]).before).toEqual(expect.arrayContaining([...CALL, ...LATER_CALL]));
  });

  it('takes events that come a little out of order', () => {
    const swapped = ANSWERED.toSpliced(4, 2, String(ANSWERED[5]), String(ANSWERED[4]));
    expect(typesOf(swapped).before).toEqual(CALL);
  });
});
