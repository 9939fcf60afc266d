/** Switches OpenTelemetry traces on when an OTLP endpoint is set. Must run before the instrumented libraries are imported;
 *  without the ESM loader hook, which costs 6 s of start-up and is not needed for CommonJS libraries (pg, ioredis, amqplib).
 *  @returns a function that flushes and stops */
export async function startTelemetry(app: string, endpoint: string | undefined): Promise<() => Promise<void>> {
  if (!endpoint) return async () => undefined;
  const [{ NodeSDK }, { OTLPTraceExporter }, amqp, http, redis, pg] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/instrumentation-amqplib'),
    import('@opentelemetry/instrumentation-http'),
    import('@opentelemetry/instrumentation-ioredis'),
    import('@opentelemetry/instrumentation-pg'),
  ]);
  const sdk = new NodeSDK({
    serviceName: app,
    traceExporter: new OTLPTraceExporter({ url: new URL('v1/traces', endpoint.endsWith('/') ? endpoint : `${endpoint}/`).toString() }),
    instrumentations: [
      new amqp.AmqplibInstrumentation(),
      new http.HttpInstrumentation(),
      new redis.IORedisInstrumentation(),
      new pg.PgInstrumentation(),
    ],
  });
  sdk.start();
  return () => sdk.shutdown().catch(() => undefined);
}
