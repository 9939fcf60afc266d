import { maskNumber, maskNumbers } from './mask-number.ts';

test.each([
  ['5511987654321', '*********4321'],
  ['+55 (11) 98765-4321', '+** (**) *****-4321'],
  ['1234567', '***4567'],
  ['123456', '123456'],
  ['1001', '1001'],
  ['', ''],
  ['anonymous', 'anonymous'],
])('%s is shown as %s', (number, shown) => {
  expect(maskNumber(number)).toBe(shown);
});

test('numbers within a text are hidden, the rest stays', () => {
  expect(maskNumbers('Local/5511987654321@trunk-0a;1 and PJSIP/1001')).toBe('Local/*********4321@trunk-0a;1 and PJSIP/1001');
});
