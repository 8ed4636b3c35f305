-- What each account last said about its tenant as a whole: which sources it sends from, how many of its users were seen. Narrow and apart,
-- for all of it is read every hour.

CREATE TABLE pulses (
    account text COLLATE "C" PRIMARY KEY,
    pulse bytea NOT NULL
);
