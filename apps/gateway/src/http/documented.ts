import { STATUS_CODES } from 'node:http';
import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';

const PROBLEM = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

/** Says in the OpenAPI document what a good answer looks like. */
export function Answers(status: number, schema: z.ZodType, description = 'Done'): MethodDecorator {
  return ApiResponse({ status, description, standardSchema: schema });
}

/** Says in the OpenAPI document with which problems an operation can end. 500 and 503 go without saying, and are added. */
export function Problems(...statuses: number[]): MethodDecorator {
  const all = [...statuses, 500, 503];
  return applyDecorators(...all.map((status) => ApiResponse({ status, description: STATUS_CODES[status] ?? '', content: PROBLEM })));
}
