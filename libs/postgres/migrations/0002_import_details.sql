-- What an import keeps besides its rejected rows: the shape of its file, to write them back in, and what was changed in good rows.
ALTER TABLE import_jobs
  ADD COLUMN headers     text[],
  ADD COLUMN delimiter   text,
  ADD COLUMN note_counts jsonb NOT NULL DEFAULT '{}';

-- The first notes of each job (the counts above know them all).
CREATE TABLE import_notes (
  job_id      uuid NOT NULL REFERENCES import_jobs (job_id) ON DELETE CASCADE,
  line        bigint NOT NULL,
  column_name text NOT NULL,
  code        text NOT NULL,
  PRIMARY KEY (job_id, line, column_name, code)
);
