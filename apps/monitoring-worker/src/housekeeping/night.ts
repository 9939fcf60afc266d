/** The hour, local time, at which the nightly work begins. */
const NIGHT_HOUR = 2;

/** The calendar day, in that zone, whose nightly work is due or past at this instant: until 02:00 it is still yesterday's.
 *  Work is due whenever this changes.
 *  @returns `YYYY-MM-DD` */
export function nightOf(at: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit' }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((one) => one.type === type)?.value);
  const day = part('hour') >= NIGHT_HOUR ? part('day') : part('day') - 1;
  return new Date(Date.UTC(part('year'), part('month') - 1, day)).toISOString().slice(0, 10);
}
