const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'long' });
const shortDay = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const thisYear = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const otherYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });

const DAY_MS = 86_400_000;

export function clockOf(time: string): string {
  return clock.format(new Date(time));
}

export function fullTimeOf(time: string): string {
  return full.format(new Date(time));
}

/** Whether two times are on one day in the reader's time zone. */
export function sameDay(a: string, b: string): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

/** As people name a day: Today, Yesterday, Monday, Monday 3 March, 3 March 2024. */
export function dayOf(time: string, now = Date.now()): string {
  const date = new Date(time);
  const days = daysBetween(date, new Date(now));
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  if (days > 1 && days < 7) return weekday.format(date);
  return (date.getFullYear() === new Date(now).getFullYear() ? thisYear : otherYear).format(date);
}

/** For a list: the time if it is today, else the day. */
export function shortTimeOf(time: string, now = Date.now()): string {
  const days = daysBetween(new Date(time), new Date(now));
  if (days === 0) return clockOf(time);
  return days === 1 ? 'Yesterday' : shortDay.format(new Date(time));
}

/** A moment near or far, in the reader's time zone: the time if it is today, else the day too. */
export function momentOf(time: string, now = Date.now()): string {
  return sameDay(time, new Date(now).toISOString()) ? clockOf(time) : moment.format(new Date(time));
}

/** 5 s, 2 min, 1 h: the largest unit that is not 0. */
export function durationOf(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  return seconds < 3600 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

/** Calendar days, whatever daylight saving does to a day's length. */
function daysBetween(a: Date, b: Date): number {
  const midnight = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((midnight(b) - midnight(a)) / DAY_MS);
}
