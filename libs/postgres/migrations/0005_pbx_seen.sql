-- When any worker last reached a PBX. One that none has reached for long is taken for lost, and its calls are closed without it.
CREATE TABLE pbx_seen (
  pbx     text PRIMARY KEY,
  seen_at timestamptz NOT NULL
);
