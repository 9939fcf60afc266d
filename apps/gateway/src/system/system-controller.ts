import * as http from '@discador/contracts/http/system';
import type { Call } from '@discador/contracts/http/calls';
import { Administration } from '@discador/postgres/entities/administration';
import { PbxNode } from '@discador/postgres/entities/pbx-node';
import { Dependencies } from '@discador/runtime/dependencies';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { CallStore } from '../calls/call-store.ts';
import { callView } from '../calls/call-view.ts';
import { Answers, Problems } from '../http/documented.ts';
import { LiveState } from '../live/live-state.ts';
import { isFresh } from '../live/queue-freshness.ts';
import { BrokerQueues } from './broker-queues.ts';
import { Replicas } from './replicas.ts';
import { serverStates, systemStatus, WORKER } from './system-status.ts';

const SERVERS = ['postgres', 'redis', 'rabbitmq'];

@ApiTags('system')
@Controller('v1/system')
export class SystemController {
  readonly #replicas: Replicas;
  readonly #dependencies: Dependencies;
  readonly #administration: Administration;
  readonly #live: LiveState;
  readonly #broker: BrokerQueues;
  readonly #calls: CallStore;

  constructor(replicas: Replicas, dependencies: Dependencies, administration: Administration, live: LiveState, broker: BrokerQueues, calls: CallStore) {
    this.#replicas = replicas;
    this.#dependencies = dependencies;
    this.#administration = administration;
    this.#live = live;
    this.#broker = broker;
    this.#calls = calls;
  }

  @Get('status')
  @ApiOperation({ operationId: 'getSystemStatus', summary: 'Every replica, every server, who leads, and why nothing is dialled' })
  @Answers(200, http.systemStatusSchema)
  @Problems()
  async status(): Promise<http.SystemStatus> {
    // This is where people look when something is away: each part that cannot be had is left out, none fails the answer.
    const [replicas, pbxs] = await Promise.all([this.#replicas.ask().catch(() => undefined), this.#pbxs().catch(() => [])]);
    const servers = serverStates(SERVERS, this.#dependencies.waitingFor);
    return systemStatus({ now: Date.now(), servers, pbxs, replicas });
  }

  @Get('workers')
  @ApiOperation({ operationId: 'listWorkers', summary: 'The replicas that dial, with what they are doing' })
  @Answers(200, http.workerListSchema)
  @Problems()
  async workers(): Promise<{ items: http.ReplicaStatus[] }> {
    return { items: await this.#replicas.ask(WORKER) };
  }

  @Get('queues')
  @ApiOperation({ operationId: 'listQueues', summary: 'Agents and callers in each queue, and how much waits in the broker' })
  @Answers(200, http.queueListSchema)
  @Problems()
  async queues(): Promise<http.QueueList> {
    const [queues, broker] = await Promise.all([this.#live.queues(), this.#broker.depths()]);
    const now = Date.now();
    return { items: queues.map((queue) => ({ ...queue, fresh: isFresh(queue, now) })), broker };
  }

  @Get('activity')
  @ApiOperation({ operationId: 'listActivity', summary: 'The latest calls of all campaigns' })
  @Answers(200, http.activitySchema)
  @Problems(400)
  async activity(@Query({ schema: http.activityQuery }) { limit }: z.infer<typeof http.activityQuery>): Promise<{ items: Call[] }> {
    return { items: (await this.#calls.latest(limit)).map(callView) };
  }

  async #pbxs(): Promise<http.PbxState[]> {
    const nodes = await this.#administration.run((on) => on.find(PbxNode, { order: { name: 'ASC' } }));
    return nodes.map(({ name, status, bootedAt, lastSeenAt }) => ({
      name, status, bootedAt: bootedAt?.toISOString() ?? null, lastSeenAt: lastSeenAt?.toISOString() ?? null,
    }));
  }
}
