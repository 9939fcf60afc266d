import { legacyMessageId, readLegacy, shapeOf } from './legacy-call.ts';

const data = { callId: '1795218171.18', origin: '1001', destiny: '1002', direction: 'internal', pbx: 'pbx1', startedAt: '2026-11-21T10:00:00.000Z' };
const operation = { type: 'dial' };

describe('readLegacy', () => {
  it.each([[{ operation, data }], [{ operation, payload: data }], [{ operation, data, payload: { callId: 'another' } }]])('reads either shape, and data before payload: %j', (message) => {
    expect(readLegacy(message)).toEqual({ operation, data });
  });

  it.each([
    [{ operation }, 'data'],
    [{ operation, payload: { ...data, origin: 7 } }, 'origin'],
    [{ operation: { type: 'sing' }, data }, 'type'],
    [{ operation: { type: 'dtmf' }, data }, 'digit'],
    [null, 'object'],
    ['dial', 'object'],
  ])('refuses %j and names what is wrong', (message, name) => {
    expect(() => readLegacy(message)).toThrow(name);
  });

  it('drops what it does not know', () => {
    expect(readLegacy({ operation: { ...operation, version: 2 }, payload: { ...data, colour: 'red' }, more: 1 })).toEqual({ operation, data });
  });
});

test('a shape is told by its key', () => {
  expect([{ data }, { payload: data }, { data, payload: data }, {}].map(shapeOf)).toEqual(['data', 'payload', 'data', 'data']);
});

test('each shape of an event has an id of its own, the same every time', () => {
  const id = '6f0e2d0c-98b5-5c53-9d9e-0d1f6a1b7c11';
  expect(legacyMessageId(id, 'data')).toBe(legacyMessageId(id, 'data'));
  expect(new Set([id, legacyMessageId(id, 'data'), legacyMessageId(id, 'payload')]).size).toBe(3);
});
