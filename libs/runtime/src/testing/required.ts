/** A variable that the test stack sets.
 *  @throws when the tests run without it */
export function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests with npm run test:it, which starts the stack`);
  return value;
}
