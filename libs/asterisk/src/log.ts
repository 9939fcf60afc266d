type Write = (details: object, message: string) => void;

/** The part of a structured logger (pino's shape) that the adapters write to. */
export interface Log {
  debug: Write;
  info: Write;
  warn: Write;
  error: Write;
}
