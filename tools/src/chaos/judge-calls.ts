import { digitsOf, byNumber, type MatchedInvites } from './match-invites.ts';
import type { Evidence, Finding, FindingKind, JudgedCampaign } from './types.ts';
import type { LedgerAttempt } from '../ledger-check/check-ledger.ts';
import type { Invite } from './sipp-carrier.ts';

interface Callee {
  contactId: string;
  campaign: JudgedCampaign;
}

/** Calls too many, by the carrier's own log: more to a number than its campaign allows, closer together than a retry may be, or after an
 *  attempt in doubt that had reached the carrier. Each INVITE is found once.
 *  @returns the findings by INVITE */
export function duplicateCalls(evidence: Evidence, matched: MatchedInvites): Map<Invite, Finding> {
  const calleeOf = callees(evidence);
  const found = new Map<Invite, Finding>();
  for (const [number, invites] of byNumber(evidence.invites)) {
    const callee = calleeOf.get(number);
    if (!callee) continue;
    let owner: LedgerAttempt | undefined;
    let inDoubt: Invite | undefined;
    const rightful: Invite[] = [];
    for (const invite of invites) {
      // One without an attempt of its own is laid to the one before it.
      owner = matched.attemptOf.get(invite) ?? owner;
      const why = tooMuch(invite, rightful, callee.campaign, inDoubt);
      // What was one too many does not make the next, rightful one so.
      if (!why) rightful.push(invite);
      else found.set(invite, { kind: why[0], ...(owner && { attemptId: owner.attemptId }), contactId: callee.contactId, at: invite.at, why: why[1] });
      if (matched.attemptOf.get(invite)?.disposition === 'in_doubt') inDoubt = invite;
    }
  }
  return found;
}

function tooMuch(invite: Invite, rightful: readonly Invite[], { maxAttempts, retryDelayMs }: JudgedCampaign, inDoubt: Invite | undefined): [FindingKind, string] | null {
  const seconds = (earlier: Invite): string => ((invite.at - earlier.at) / 1000).toFixed(1);
  const before = rightful.at(-1);
  if (inDoubt) return ['called_after_doubt', `called again ${seconds(inDoubt)} s after a call in doubt that had reached the carrier`];
  if (rightful.length >= maxAttempts) return ['too_many_calls', `call ${rightful.length + 1} to a contact that may be called ${maxAttempts} times at most`];
  if (before && invite.at - before.at < retryDelayMs) return ['called_too_soon', `called again after ${seconds(before)} s, not ${retryDelayMs / 1000} s or more`];
  return null;
}

/** Whom a number belongs to: by the list of contacts, or else by the ledger. */
function callees({ contacts, ledger, campaigns }: Evidence): Map<string, Callee> {
  const campaignOf = new Map(campaigns.map((campaign) => [campaign.campaignId, campaign]));
  const calleeOf = new Map<string, Callee>();
  const add = (phone: string, contactId: string, campaignId: string): void => {
    const campaign = campaignOf.get(campaignId);
    if (campaign && !calleeOf.has(digitsOf(phone))) calleeOf.set(digitsOf(phone), { contactId, campaign });
  };
  for (const { phones, contactId, campaignId } of contacts) for (const phone of phones) add(phone, contactId, campaignId);
  for (const { phone, contactId, campaignId } of ledger) add(phone, contactId, campaignId);
  return calleeOf;
}
