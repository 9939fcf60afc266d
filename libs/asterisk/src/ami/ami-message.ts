import { DiscadorError } from '@discador/contracts/discador-error';

/** An action's headers; an array repeats its header (`Variable`). `ActionID` is set for those that have none. */
export type AmiAction = Readonly<Record<string, string | number | readonly string[]>> & { readonly Action: string };

/** A response or an event: header → value; of a header that repeats, the last. Test `Event` first: some events carry `Response`. */
export type AmiMessage = Readonly<Record<string, string>>;

const HEADER = /^[A-Za-z0-9-]+$/;
// A value with a line break would start a header of its own: Originate with `Application: System` from a contact's number.
const BREAKS = /[\r\n\0]/;
const MAX_VALUE_LENGTH = 1024;

function headerLine(name: string, value: string): string {
  if (!HEADER.test(name)) throw invalidAmiValue('header name', name);
  if (BREAKS.test(value) || value.length > MAX_VALUE_LENGTH) throw invalidAmiValue(name, value);
  return `${name}: ${value}`;
}

/** Writes an action for the wire, without the closing empty line.
 *  @throws DiscadorError `invalid_ami_value` for a header name outside [A-Za-z0-9-], a value with CR, LF or NUL, or one longer
 *  than 1,024 characters (Asterisk cuts lines silently) */
export function encodeAction(action: AmiAction, actionId: string): string {
  const lines = [headerLine('Action', action.Action), headerLine('ActionID', actionId)];
  for (const [name, value] of Object.entries(action)) {
    if (name === 'Action' || name === 'ActionID') continue;
    if (typeof value === 'object') for (const one of value) lines.push(headerLine(name, one));
    else lines.push(headerLine(name, String(value)));
  }
  return lines.join('\r\n');
}

/** The error for a value that must not reach the PBX; carries the field's name, never its value. */
export function invalidAmiValue(field: string, value: unknown): DiscadorError {
  const name = HEADER.test(field) ? field : 'header name';
  return new DiscadorError('invalid_ami_value', `value not allowed in an AMI action: ${name}`, { details: { field: name, length: String(value).length } });
}
