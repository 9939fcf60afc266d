import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { EventJsonSchemas, JsonSchema } from '../event-schemas.ts';

/** A validator as a consumer would have it: strict about the schema, formats checked. */
export function validatorOf(schema: JsonSchema): ValidateFunction {
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  addFormats.default(ajv);
  return ajv.compile(schema);
}

export function validatorsOf(schemas: EventJsonSchemas): Map<string, ValidateFunction> {
  return new Map(Object.entries(schemas).map(([type, schema]) => [type, validatorOf(schema)]));
}
