import { DiscadorError } from '@discador/contracts/discador-error';
import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { fieldErrorsOf } from './validation-errors.ts';

/** Validates each parameter that was declared with a zod schema, once, at the edge: `@Body({ schema })`. */
export class SchemaPipe implements PipeTransform {
  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    const { schema, type, data } = metadata;
    if (!(schema instanceof z.ZodType)) return value;
    const input = value ?? (type === 'query' ? {} : undefined);
    const result = schema.safeParse(input);
    if (result.success) return result.data;
    const found = fieldErrorsOf(result.error.issues, input);
    const errors = data === undefined ? found : found.map((error) => ({ ...error, field: data }));
    throw new DiscadorError('invalid_input', WRONG[type], { details: { part: type, errors } });
  }
}

const WRONG: Record<ArgumentMetadata['type'], string> = {
  body: 'The body is not valid.',
  query: 'The query is not valid.',
  param: 'The address is not valid.',
  custom: 'The request is not valid.',
};
