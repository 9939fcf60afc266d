import { checkMetricNames, knownMetrics } from './metric-names.ts';

const known = knownMetrics();

test('the metrics of every service are found in its code', () => {
  expect([...known]).toEqual(expect.arrayContaining(['discador_master_leader', 'discador_worker_slices_total', 'discador_calls_active', 'discador_agents', 'discador_pbx_records_behind_bytes']));
});

test('a panel that asks for nobody’s metric is found, and the series of a histogram are not taken for one', () => {
  const query = 'histogram_quantile(0.5, rate(discador_worker_slice_to_originate_seconds_bucket[1m])) + discador_worker_slices';
  expect(checkMetricNames('dashboard', query, known)).toEqual([{ at: 'dashboard', says: 'asks for discador_worker_slices, which nobody has' }]);
});
