export type FaultKind = 'kill' | 'stop' | 'restart' | 'cut' | 'half-open' | 'flush' | 'delay';
export type Process = 'discador-master' | 'campaign-worker' | 'ari-monitor' | 'monitoring-worker' | 'gateway' | 'record-shipper';
export type Server = 'postgres' | 'redis' | 'rabbitmq' | 'asterisk';
/** A process, a server, or the connection of a process to a server. */
export type Target = Process | Server | `${Process}->${Server}`;
