import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { EventJsonSchemas } from '../event-schemas.ts';

/** Validates as a consumer would: strict about the schema, formats checked. */
export function newAjv(): Ajv2020 {
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  addFormats.default(ajv);
  return ajv;
}

/** Of schemas whose ids differ. */
export function validatorsOf(schemas: EventJsonSchemas): Map<string, ValidateFunction> {
  const ajv = newAjv();
  return new Map(Object.entries(schemas).map(([type, schema]) => [type, ajv.compile(schema)]));
}
