-- The whole first schema. Rules of this folder: numbered, plain SQL, forward only, expand before contract.
-- PostgreSQL 15 or later; the database's own clock (now()) decides everywhere.

-- ─── leadership: one row; its term fences every slice ────────────────────────────────────────────────────────────────
CREATE TABLE leadership (
  singleton  boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  term       bigint NOT NULL,
  holder     text,
  elected_at timestamptz
);
INSERT INTO leadership (term) VALUES (0);

-- ─── PBXs and trunks ─────────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE pbx_nodes (
  name         text PRIMARY KEY CHECK (name ~ '^[a-z0-9-]{1,40}$'),
  status       text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'draining')),
  max_channels int  NOT NULL DEFAULT 1000 CHECK (max_channels > 0),
  booted_at    timestamptz,                 -- when this Asterisk process started; a restart in between means "in doubt"
  last_seen_at timestamptz,
  created_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE trunks (
  name             text PRIMARY KEY CHECK (name ~ '^[a-z0-9-]{1,40}$'),
  max_channels     int NOT NULL DEFAULT 300 CHECK (max_channels BETWEEN 1 AND 100000),
  calls_per_second int NOT NULL DEFAULT 20  CHECK (calls_per_second BETWEEN 1 AND 5000),
  updated_at       timestamptz NOT NULL DEFAULT now()
);
INSERT INTO trunks (name) VALUES ('default');

-- ─── extensions (ramais) ─────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE extensions (
  pbx              text NOT NULL,
  number           text NOT NULL CHECK (length(number) BETWEEN 1 AND 40),
  name             text NOT NULL DEFAULT '',
  line1_busy       boolean NOT NULL DEFAULT false,
  line2_busy       boolean NOT NULL DEFAULT false,
  registered       boolean NOT NULL DEFAULT false,
  last_activity_at timestamptz,
  updated_at       timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (pbx, number)
);

-- ─── campaigns ───────────────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE campaigns (
  campaign_id           uuid PRIMARY KEY,
  name                  text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  status                text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'active', 'paused', 'finished')),
  mode                  text NOT NULL DEFAULT 'progressive'
                        CHECK (mode IN ('preview', 'progressive', 'power', 'predictive', 'agentless', 'legacy')),
  queue                 text CHECK (queue ~ '^[A-Za-z0-9_-]{1,40}$'),
  trunk                 text NOT NULL DEFAULT 'default' REFERENCES trunks (name),
  caller_id             text CHECK (caller_id ~ '^\+?[0-9]{3,15}$'),
  max_channels          int  NOT NULL DEFAULT 10 CHECK (max_channels BETWEEN 1 AND 100000),
  impulse_factor        double precision NOT NULL DEFAULT 6.0  CHECK (impulse_factor > 0),
  max_multiplier        double precision NOT NULL DEFAULT 20.0 CHECK (max_multiplier > 0),
  average_call_time_sec int  NOT NULL DEFAULT 180 CHECK (average_call_time_sec > 0),
  window_from           time NOT NULL DEFAULT '09:00',
  window_to             time NOT NULL DEFAULT '21:00',       -- '24:00' is allowed; from > to crosses midnight
  time_zone             text NOT NULL DEFAULT 'America/Sao_Paulo',
  max_attempts          int  NOT NULL DEFAULT 3 CHECK (max_attempts BETWEEN 1 AND 100),
  retry_delay_sec       int  NOT NULL DEFAULT 1800 CHECK (retry_delay_sec BETWEEN 0 AND 2592000),
  ring_timeout_sec      int  NOT NULL DEFAULT 28 CHECK (ring_timeout_sec BETWEEN 5 AND 120),
  created_at            timestamptz NOT NULL DEFAULT now(),
  updated_at            timestamptz NOT NULL DEFAULT now(),
  started_at            timestamptz,
  finished_at           timestamptz,
  CHECK (mode = 'agentless' OR queue IS NOT NULL)
);
CREATE INDEX campaigns_active ON campaigns (campaign_id) WHERE status = 'active';

-- True when `at` lies inside the daily window of that time zone. from = to means the whole day.
CREATE FUNCTION in_calling_window(win_from time, win_to time, zone text, at timestamptz) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN win_from = win_to THEN true
    WHEN win_from < win_to THEN (at AT TIME ZONE zone)::time >= win_from AND (at AT TIME ZONE zone)::time < win_to
    ELSE (at AT TIME ZONE zone)::time >= win_from OR (at AT TIME ZONE zone)::time < win_to
  END
$$;

-- ─── contacts ────────────────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE contacts (
  contact_id      uuid PRIMARY KEY,
  campaign_id     uuid NOT NULL REFERENCES campaigns (campaign_id) ON DELETE CASCADE,
  name            text NOT NULL DEFAULT '',
  phones          text[] NOT NULL CHECK (cardinality(phones) BETWEEN 1 AND 10),   -- E.164 with +; the main one first
  next_phone      smallint NOT NULL DEFAULT 1,                                    -- 1-based: the one to dial next
  status          text NOT NULL DEFAULT 'ready' CHECK (status IN ('ready', 'dialing', 'retry', 'completed', 'failed')),
  result          text,                                                           -- disposition of the last attempt
  attempts        int  NOT NULL DEFAULT 0,
  max_attempts    int  CHECK (max_attempts BETWEEN 1 AND 100),                    -- null: the campaign's
  priority        smallint NOT NULL DEFAULT 0,
  due_at          timestamptz NOT NULL DEFAULT now(),
  last_attempt_at timestamptz,
  extra           jsonb,
  created_at      timestamptz NOT NULL DEFAULT now(),
  CHECK (next_phone BETWEEN 1 AND cardinality(phones))
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
CREATE INDEX contacts_due ON contacts (campaign_id, priority, due_at) WHERE status IN ('ready', 'retry');
CREATE INDEX contacts_unfinished ON contacts (campaign_id) WHERE status IN ('ready', 'retry', 'dialing');

-- Every phone of every contact of a campaign, once: finds duplicates at import.
CREATE TABLE contact_numbers (
  campaign_id uuid NOT NULL REFERENCES campaigns (campaign_id) ON DELETE CASCADE,
  phone       text NOT NULL,
  contact_id  uuid NOT NULL,
  PRIMARY KEY (campaign_id, phone)
);

-- ─── slices: leave to dial `quota` contacts now ──────────────────────────────────────────────────────────────────────
CREATE TABLE slices (
  slice_id    uuid PRIMARY KEY,
  campaign_id uuid NOT NULL,
  term        bigint NOT NULL,              -- the election that issued it
  lease       int NOT NULL DEFAULT 0,       -- raised each time a worker takes it
  quota       int NOT NULL CHECK (quota BETWEEN 1 AND 500),
  used        int NOT NULL DEFAULT 0 CHECK (used BETWEEN 0 AND quota),
  worker_id   text,
  created_at  timestamptz NOT NULL DEFAULT now(),
  expires_at  timestamptz NOT NULL,
  closed_at   timestamptz                   -- used up, empty, or given back: the rest of its quota is void
);
CREATE INDEX slices_live ON slices (campaign_id, expires_at) WHERE closed_at IS NULL;
CREATE INDEX slices_old ON slices (expires_at);

-- ─── the ledger ──────────────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE call_attempts (
  attempt_id  uuid NOT NULL,                -- UUID v7, also the id of the call's channels
  contact_id  uuid NOT NULL,
  campaign_id uuid NOT NULL,
  phone       text NOT NULL,
  slice_id    uuid NOT NULL,
  term        bigint NOT NULL,
  lease       int NOT NULL,
  worker_id   text NOT NULL,
  pbx         text NOT NULL,
  trunk       text NOT NULL,
  claimed_at  timestamptz NOT NULL DEFAULT now(),
  dial_by     timestamptz NOT NULL,
  started_at  timestamptz,                  -- the PBX's clock from here on
  ringing_at  timestamptz,
  answered_at timestamptz,
  bridged_at  timestamptz,
  ended_at    timestamptz,
  recorded_at timestamptz,                  -- when the outcome was stored
  disposition text,
  cause       int,
  inferred    boolean NOT NULL DEFAULT false,
  in_doubt    boolean NOT NULL DEFAULT false,
  PRIMARY KEY (attempt_id)
) PARTITION BY RANGE (attempt_id);
CREATE TABLE call_attempts_other PARTITION OF call_attempts DEFAULT;

-- The smallest UUID v7 of an instant: partition bounds and time ranges over attempt ids.
CREATE FUNCTION uuid_v7_floor(at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (rpad(lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0'), 32, '0'))::uuid
$$;

-- Creates the monthly partitions of the ledger that cover `months_ahead` months from this one. Safe to repeat.
CREATE FUNCTION ensure_attempt_partitions(months_ahead int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  month timestamptz;
  part text;
  made int := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ensure_attempt_partitions'));
  FOR i IN 0..months_ahead LOOP
    month := date_trunc('month', now(), 'UTC') + make_interval(months => i);
    part := 'call_attempts_' || to_char(month AT TIME ZONE 'UTC', 'YYYYMM');
    CONTINUE WHEN to_regclass(part) IS NOT NULL;
    EXECUTE format('CREATE TABLE %I PARTITION OF call_attempts FOR VALUES FROM (%L) TO (%L)',
      part, uuid_v7_floor(month), uuid_v7_floor(month + interval '1 month'));
    EXECUTE format('CREATE INDEX ON %I (campaign_id, attempt_id)', part);
    EXECUTE format('CREATE INDEX ON %I (contact_id)', part);
    made := made + 1;
  END LOOP;
  RETURN made;
END $$;
SELECT ensure_attempt_partitions(2);

-- At most one open attempt for a contact, and for a number, whatever list it came from.
CREATE TABLE open_attempts (
  contact_id   uuid PRIMARY KEY,
  attempt_id   uuid NOT NULL UNIQUE,
  phone        text NOT NULL UNIQUE,
  campaign_id  uuid NOT NULL,
  trunk        text NOT NULL,
  pbx          text NOT NULL,
  claimed_at   timestamptz NOT NULL DEFAULT now(),
  dial_by      timestamptz NOT NULL,
  absent_since timestamptz                  -- the sweeper's first look that found no channel
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
CREATE INDEX open_attempts_campaign ON open_attempts (campaign_id);

-- What was said of an attempt after its end was known: kept, never acted on.
CREATE TABLE attempt_evidence (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  attempt_id  uuid NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  event       jsonb NOT NULL
);
CREATE INDEX attempt_evidence_attempt ON attempt_evidence (attempt_id);

-- ─── counters: appended, rolled up; no row that every call updates ───────────────────────────────────────────────────
CREATE TABLE campaign_deltas (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  campaign_id uuid NOT NULL,
  counter     text NOT NULL,
  delta       bigint NOT NULL
);
CREATE TABLE campaign_counters (
  campaign_id uuid NOT NULL,
  counter     text NOT NULL,
  value       bigint NOT NULL,
  PRIMARY KEY (campaign_id, counter)
);

-- ─── imports ─────────────────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE import_jobs (
  job_id          uuid PRIMARY KEY,
  campaign_id     uuid NOT NULL REFERENCES campaigns (campaign_id) ON DELETE CASCADE,
  idempotency_key text NOT NULL,
  file_sha256     text,
  options         jsonb NOT NULL DEFAULT '{}',
  status          text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'done', 'failed')),
  rows_read       bigint NOT NULL DEFAULT 0,
  imported        bigint NOT NULL DEFAULT 0,
  rejected        bigint NOT NULL DEFAULT 0,
  error           text,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  finished_at     timestamptz,
  UNIQUE (campaign_id, idempotency_key)
);
CREATE TABLE import_rejections (
  job_id      uuid NOT NULL REFERENCES import_jobs (job_id) ON DELETE CASCADE,
  line        bigint NOT NULL,
  column_name text NOT NULL,
  code        text NOT NULL,
  raw         text NOT NULL,
  PRIMARY KEY (job_id, line)
);

-- ─── the PBX's own records, loaded by the record-shipper ─────────────────────────────────────────────────────────────
CREATE TABLE pbx_cel (
  pbx         text NOT NULL,
  file_id       bigint NOT NULL,
  byte_offset bigint NOT NULL,
  event_type  text NOT NULL,
  event_time  timestamptz NOT NULL,
  unique_id   text NOT NULL,
  linked_id   text NOT NULL,
  attempt_id  uuid,
  channel     text NOT NULL,
  context     text NOT NULL,
  exten       text NOT NULL,
  account     text NOT NULL,
  extra       text NOT NULL,
  PRIMARY KEY (pbx, file_id, byte_offset)
);
CREATE INDEX pbx_cel_attempt ON pbx_cel (attempt_id) WHERE attempt_id IS NOT NULL;
CREATE TABLE pbx_cdr (
  pbx         text NOT NULL,
  file_id       bigint NOT NULL,
  byte_offset bigint NOT NULL,
  unique_id   text NOT NULL,
  attempt_id  uuid,
  account     text NOT NULL,
  source      text NOT NULL,
  destination text NOT NULL,
  started_at  timestamptz,
  answered_at timestamptz,
  ended_at    timestamptz,
  duration_sec int,
  bill_sec    int,
  disposition text NOT NULL,
  PRIMARY KEY (pbx, file_id, byte_offset)
);
CREATE INDEX pbx_cdr_attempt ON pbx_cdr (attempt_id) WHERE attempt_id IS NOT NULL;
CREATE TABLE pbx_record_positions (
  pbx          text NOT NULL,
  file         text NOT NULL,
  file_id        bigint NOT NULL,
  byte_offset  bigint NOT NULL,
  caught_up_at timestamptz,                 -- when the end of the file was last seen
  PRIMARY KEY (pbx, file)
);

-- ─── what outsiders may read ─────────────────────────────────────────────────────────────────────────────────────────
CREATE SCHEMA report;
CREATE VIEW report.attempts AS
  SELECT attempt_id, contact_id, campaign_id, phone, disposition, cause,
         coalesce(started_at, claimed_at) AS started_at, answered_at, ended_at, pbx, trunk, worker_id, slice_id,
         term AS epoch, inferred, in_doubt, claimed_at, bridged_at, recorded_at, term, lease
    FROM call_attempts;
CREATE VIEW report.contacts AS
  SELECT contact_id, campaign_id, phones[next_phone] AS phone, status, attempts,
         CASE WHEN status IN ('ready', 'retry') THEN due_at END AS due_at, result, name, phones, last_attempt_at
    FROM contacts;
CREATE VIEW report.campaign_counters AS
  SELECT campaign_id, counter, sum(value)::bigint AS value
    FROM (SELECT campaign_id, counter, value FROM campaign_counters
          UNION ALL SELECT campaign_id, counter, delta FROM campaign_deltas) AS all_of_it
   GROUP BY campaign_id, counter;
