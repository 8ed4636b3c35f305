-- What is over is dropped after so many days: by when it ended, as it stands in bodies, which sort as their times do.
CREATE INDEX work_ended ON work ((coalesce(body ->> 'endedAt', body ->> 'sentAt', body ->> 'decidedAt')) COLLATE "C") WHERE is_over;
CREATE INDEX deliveries_settled ON deliveries (settled_at) WHERE state <> 0;
