import { postgresUrl } from '@discador/runtime/settings';
import { z } from 'zod';

export const migrateSettings = z.strictObject({ databaseUrl: postgresUrl });

export type MigrateSettings = z.infer<typeof migrateSettings>;
