-- What happened to campaigns and is not on the bus yet: written together with what it tells, deleted when the broker has it.
CREATE TABLE campaign_outbox (
  position    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,   -- in the order of each campaign's changes, because they hold its row
  row_id      uuid NOT NULL DEFAULT gen_random_uuid(),           -- the event's id follows from it, so that a repeat has the same
  type        text NOT NULL CHECK (type IN ('campaign.created', 'campaign.started', 'campaign.paused', 'campaign.finished')),
  campaign_id uuid NOT NULL,
  name        text NOT NULL,
  at          timestamptz NOT NULL DEFAULT now()
);
