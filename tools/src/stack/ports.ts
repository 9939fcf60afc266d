import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { z } from 'zod';
import { HOST } from './addresses.ts';
import { type Home, readJson, writeJson } from './home.ts';
import { BLOCK_SIZE, FIRST_BASE, nextBase, preferredBase } from './port-block.ts';
import { EXIT, StackError } from './stack-error.ts';

const remembered = z.object({ base: z.number().int() });

/** Chooses the block of ports of a stack that does not run: the one asked for, else the one used last, else by the folder's
 *  name; the next free one when someone else is in it. The choice is remembered in the home.
 *  @param asked DISCADOR_PORT_BASE
 *  @throws StackError (78) when the block asked for is taken, (69) when none is free */
export async function choosePortBase(home: Home, asked: number | undefined): Promise<number> {
  if (asked !== undefined) {
    const taken = await firstTaken(asked);
    if (taken !== undefined) throw new StackError(`DISCADOR_PORT_BASE: port ${taken} of this block is taken by another program.`, EXIT.config);
    return remember(home, asked);
  }
  const first = readJson(home.portsFile, remembered)?.base ?? preferredBase(home.dir);
  let base = first;
  while ((await firstTaken(base)) !== undefined) {
    base = nextBase(base);
    if (base === first) throw new StackError('No block of 100 ports is free between 20000 and 31999 on 127.0.0.1.', EXIT.away);
  }
  return remember(home, base);
}

function remember(home: Home, base: number): number {
  writeJson(home.portsFile, { base });
  return base;
}

async function firstTaken(base: number): Promise<number | undefined> {
  for (let port = base; port < base + BLOCK_SIZE; port += 1) if (!(await canListen(port))) return port;
  return undefined;
}

function canListen(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, HOST, () => server.close(() => resolve(true)));
  });
}

/** A port of 127.0.0.1 on which nothing listens, now and as long as nobody asks for it: outside the blocks of stacks, and not one that Linux gives to
 *  connections that go out. Drawn, as tests beside each other ask at the same time, and may be slow to listen. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, FIRST_BASE);
    if (await canListen(port)) return port;
  }
}
