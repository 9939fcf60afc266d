import { checkOptions, servicesFor } from './up-options.ts';

const counts = (...args: Parameters<typeof servicesFor>): Record<string, number> =>
  Object.fromEntries(servicesFor(...args).map(({ name, replicas }) => [name, replicas]));

describe('servicesFor', () => {
  it('runs one master, two workers and one of each other by default', () => {
    expect(counts({}, 1, true)).toEqual({
      gateway: 1, 'discador-master': 1, 'campaign-worker': 2, 'ari-monitor': 1, 'monitoring-worker': 1, 'record-shipper': 1,
    });
  });

  it('looks after every PBX', () => {
    expect(counts({ monitors: 2 }, 3, true)).toMatchObject({ 'ari-monitor': 6, 'monitoring-worker': 3, 'record-shipper': 3 });
  });

  it('ships no records of a PBX whose files are elsewhere', () => expect(counts({}, 1, false)).not.toHaveProperty('record-shipper'));
  it('runs none with servers only', () => expect(servicesFor({ serversOnly: true }, 1, true)).toEqual([]));
});

describe('checkOptions', () => {
  it('accepts what the port block has room for', () => expect(() => checkOptions({ workers: 20, masters: 5, pbx: 10 })).not.toThrow());
  it('names the option that does not fit', () => expect(() => checkOptions({ workers: 21 })).toThrow('--workers must be a whole number from 0 to 20'));
  it('refuses what is not a whole number', () => expect(() => checkOptions({ masters: Number.NaN })).toThrow('--masters'));
  it('refuses variables for a service that does not exist', () => expect(() => checkOptions({ env: { worker: {} } })).toThrow('no service worker'));
});
