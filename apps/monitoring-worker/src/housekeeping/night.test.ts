import { nightOf } from './night.ts';

test('changes at 02:00 local time, not at midnight and not at 02:00 UTC', () => {
  const zone = 'America/Sao_Paulo'; // UTC−3
  expect(nightOf(new Date('2026-11-21T04:59:59Z'), zone)).toBe('2026-11-20');
  expect(nightOf(new Date('2026-11-21T05:00:00Z'), zone)).toBe('2026-11-21');
  expect(nightOf(new Date('2026-11-22T02:30:00Z'), zone)).toBe('2026-11-21');
  expect(nightOf(new Date('2027-01-01T03:30:00Z'), zone)).toBe('2026-12-31');
});

test('changes once on the nights when clocks change', () => {
  const hours = Array.from({ length: 24 }, (_, hour) => nightOf(new Date(Date.UTC(2026, 2, 8, hour)), 'America/New_York'));
  expect([...new Set(hours)]).toEqual(['2026-03-07', '2026-03-08']);
  expect(hours.indexOf('2026-03-08')).toBe(7); // 02:00 does not exist that night: 03:00 EDT
});
