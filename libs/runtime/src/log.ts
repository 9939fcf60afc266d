import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';

/** JSON lines on stdout. Phone numbers and secrets are cut out wherever they appear under their usual names. */
export function createLogger(app: string, replica: string, level: string): Logger {
  return pino({
    level,
    base: { app, replica },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: ['phone', 'number', 'phones', 'secret', 'password', '*.phone', '*.number', '*.secret', '*.password'], censor: '[cut]' },
  });
}

/** Nest's own messages through the same logger; its start-up chatter only at debug level. */
export function nestLogger(log: Logger): LoggerService {
  const line = (level: 'debug' | 'warn' | 'error') => (message: unknown, ...rest: unknown[]) => {
    const context = rest.at(-1);
    if (typeof message === 'string') log[level]({ context }, message);
    else log[level]({ context, err: (message as { err?: unknown } | undefined)?.err ?? message }, 'error in the framework');
  };
  return { log: line('debug'), debug: line('debug'), verbose: line('debug'), warn: line('warn'), error: line('error'), fatal: line('error') };
}
