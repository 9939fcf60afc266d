import { Command, InvalidArgumentError } from 'commander';
import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { EXIT } from '../stack/stack-error.ts';

export interface MeasurementOptions {
  seed: number;
  json: boolean;
  out?: string;
}

/** The command line of a measurement, with the options that all have; a wrong one ends the process with code 2.
 *  @param name  of the npm command; @param seed  what the seed decides */
export function measurementCommand(name: string, description: string, seed: string): Command {
  return new Command(`npm run ${name} --`)
    .description(description)
    .option('--seed <n>', seed, wholeNumber, 1)
    .option('--json', 'print JSON', false)
    .option('--out <file>', 'also write the JSON to a file', writable)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT.usage));
}

/** Asked before hours of measuring. @throws InvalidArgumentError when no file can be written there */
export function writable(file: string): string {
  try {
    accessSync(dirname(file), constants.W_OK);
  } catch {
    throw new InvalidArgumentError(`the folder ${dirname(file)} is not there or cannot be written to`);
  }
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw new InvalidArgumentError('is a folder');
  return file;
}

/** @throws InvalidArgumentError when it is not one from 1 to 999999999 */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('must be a whole number from 1 to 999999999');
  return Number(text);
}
