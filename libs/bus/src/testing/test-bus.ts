import { randomUUID } from 'node:crypto';
import { required } from '@discador/runtime/testing/required';

/** A virtual host of its own for one test file: its queues are nobody else's. */
export interface TestBus {
  url: string;
  /** Asks RabbitMQ's management API. @param path below `/api/`; `VHOST` in it stands for this virtual host */
  api<T>(path: string, method?: 'GET' | 'PUT' | 'DELETE'): Promise<T>;
  drop(): Promise<void>;
}

/** @param amqpUrl AMQP_URL of the test stack; @param managementUrl its AMQP_MANAGEMENT_URL */
export async function createTestBus(amqpUrl = required('AMQP_URL'), managementUrl = required('AMQP_MANAGEMENT_URL')): Promise<TestBus> {
  const vhost = `test-${randomUUID().slice(0, 13)}`;
  const { username, password, origin } = new URL(managementUrl);
  const authorization = `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
  const api = async <T>(path: string, method = 'GET'): Promise<T> => {
    const response = await fetch(`${origin}/api/${path.replace('VHOST', vhost)}`, { method, headers: { authorization }, signal: AbortSignal.timeout(5000) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    const text = await response.text();
    return (text ? JSON.parse(text) : null) as T;
  };
  await api('vhosts/VHOST', 'PUT');
  const url = new URL(amqpUrl);
  url.pathname = `/${vhost}`;
  return { url: url.toString(), api, drop: () => api('vhosts/VHOST', 'DELETE') };
}
