import { observationGap } from './observation-gap.ts';

test('our own loss, from when we last heard, although we noted more before we knew that we were deaf', () => {
  expect(observationGap({ publishedUntil: 900, ours: true, heardUntil: 700 }, 1000)).toEqual({ from: 700, to: 1000 });
});

test('once told, a gap is not told again while we go on hearing', () => {
  expect(observationGap({ publishedUntil: 1000, ours: true, heardUntil: 700 }, 1000)).toBeNull();
});

test('another published after our loss: what it saw is no gap', () => {
  expect(observationGap({ publishedUntil: 900, ours: false, heardUntil: 700 }, 1000)).toEqual({ from: 900, to: 1000 });
});

test('what we heard after its last note is held ready, hence no gap', () => {
  expect(observationGap({ publishedUntil: 700, ours: false, heardUntil: 900 }, 1000)).toEqual({ from: 900, to: 1000 });
});

test('a standby that listened all along takes over without a gap', () => {
  expect(observationGap({ publishedUntil: 900, ours: false, heardUntil: null }, 500)).toBeNull();
  expect(observationGap({ publishedUntil: 900, ours: false, heardUntil: 200 }, 500)).toBeNull();
});

test('a process that starts knows of the gap from the note alone; without one it knows nothing', () => {
  expect(observationGap({ publishedUntil: 900, ours: false, heardUntil: null }, 1000)).toEqual({ from: 900, to: 1000 });
  expect(observationGap({ publishedUntil: null, ours: false, heardUntil: null }, 1000)).toBeNull();
});
