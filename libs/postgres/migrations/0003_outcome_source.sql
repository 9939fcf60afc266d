-- Who told how an attempt ended: 'events' of the PBX, the 'worker' that never placed it, or the 'sweeper', from the PBX's records.
ALTER TABLE call_attempts ADD COLUMN outcome_source text CHECK (outcome_source IN ('events', 'worker', 'sweeper'));
CREATE OR REPLACE VIEW report.attempts AS
  SELECT attempt_id, contact_id, campaign_id, phone, disposition, cause,
         coalesce(started_at, claimed_at) AS started_at, answered_at, ended_at, pbx, trunk, worker_id, slice_id,
         term AS epoch, inferred, in_doubt, claimed_at, bridged_at, recorded_at, term, lease, outcome_source
    FROM call_attempts;
