import { DiscadorError } from '@discador/contracts/discador-error';

/** Families whose routing key ends in a campaign; others end in an agent, a queue, an extension or a PBX. */
const OF_CAMPAIGNS = ['call', 'campaign', 'slice'];

/** What to bind to the events exchange.
 *  @param types  event types or families; none: all
 *  @throws DiscadorError `invalid_input` for types that are of no campaign, when one is asked for */
export function bindingKeys(types: readonly string[], campaign: string | undefined): string[] {
  if (campaign === undefined) return types.length === 0 ? ['#'] : types.map((type) => `${type}.#`);
  const foreign = types.find((type) => !OF_CAMPAIGNS.includes(String(type.split('.')[0])));
  if (foreign !== undefined) throw new DiscadorError('invalid_input', `events of type ${foreign} are of no campaign: leave out --campaign or this --type`);
  const wanted = types.length === 0 ? OF_CAMPAIGNS : types;
  return wanted.map((type) => (type.includes('.') ? `${type}.${campaign}` : `${type}.*.${campaign}`));
}
