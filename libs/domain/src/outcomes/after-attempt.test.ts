import { DISPOSITIONS } from '@discador/contracts/dispositions';
import { afterAttempt, type AttemptedContact } from './after-attempt.ts';

const contact = (over: Partial<AttemptedContact> = {}): AttemptedContact => ({
  attempts: 1,
  maxAttempts: 3,
  phones: 2,
  dialledPhone: 1,
  retryDelaySec: 1800,
  ...over,
});

test('answered is final', () => {
  expect(afterAttempt('answered', contact())).toEqual({ status: 'completed', attempts: 1, nextPhone: 1, dueInSec: null });
});

test('a failure is retried after the delay, on the next phone in turn', () => {
  expect(afterAttempt('busy', contact())).toEqual({ status: 'retry', attempts: 1, nextPhone: 2, dueInSec: 1800 });
  expect(afterAttempt('no_answer', contact({ attempts: 2, dialledPhone: 2 })).nextPhone).toBe(1);
  expect(afterAttempt('congestion', contact({ phones: 1 })).nextPhone).toBe(1);
});

test('used up attempts end it', () => {
  expect(afterAttempt('busy', contact({ attempts: 3 }))).toMatchObject({ status: 'failed', dueInSec: null });
});

test('a number that does not exist is tried again only on another phone', () => {
  expect(afterAttempt('invalid_number', contact({ phones: 1 })).status).toBe('failed');
  expect(afterAttempt('invalid_number', contact())).toMatchObject({ status: 'retry', nextPhone: 2 });
});

test('a call that was never placed costs no attempt, even the last one', () => {
  expect(afterAttempt('not_placed', contact({ attempts: 3 }))).toEqual({ status: 'retry', attempts: 2, nextPhone: 1, dueInSec: 5 });
});

test('in doubt is never dialled again', () => {
  expect(afterAttempt('in_doubt', contact())).toMatchObject({ status: 'failed', attempts: 1 });
});

test.each(DISPOSITIONS)('%s leaves the contact final or due at a stated time', (disposition) => {
  const next = afterAttempt(disposition, contact());
  expect(next.status === 'retry' ? next.dueInSec !== null : next.dueInSec === null).toBe(true);
});
