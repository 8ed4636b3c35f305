-- Lists of many accounts in an order without looking at all of them. Figures move with every signal, and an index on one would cost each
-- write an entry in every index of the table. So what is indexed is a class of the figure, in coarse steps: it grows with the figure, so to
-- go by class, figure and id is to go by figure and id; and it seldom changes, so nearly all updates still touch no index. For the same
-- reason a page keeps room for a second version of each row.
-- This writes the table anew: writes of accounts wait meanwhile.

ALTER TABLE summaries SET (fillfactor = 45);

ALTER TABLE summaries
    ADD score_class smallint GENERATED ALWAYS AS (
        CASE WHEN score IS NOT NULL THEN floor(least(greatest(score, -1000), 1000) / 2) END) STORED,
    ADD change_class smallint GENERATED ALWAYS AS (
        CASE WHEN change_7_days IS NOT NULL THEN floor(least(greatest(change_7_days, -1000), 1000) / 2) END) STORED,
    ADD churn_class smallint GENERATED ALWAYS AS (
        CASE WHEN churn_probability IS NOT NULL THEN floor(least(greatest(churn_probability, -10), 10) * 50) END) STORED,
    ADD risk_class smallint GENERATED ALWAYS AS (
        CASE WHEN arr_at_risk > 0 THEN floor(ln(least(arr_at_risk, 1e300)) * 4) WHEN arr_at_risk IS NOT NULL THEN -32768 END) STORED;

CREATE INDEX summaries_by_score ON summaries (score_class);
CREATE INDEX summaries_by_change ON summaries (change_class);
CREATE INDEX summaries_by_churn ON summaries (churn_class);
CREATE INDEX summaries_by_risk ON summaries (risk_class);
CREATE INDEX summaries_by_arr ON summaries (arr);
CREATE INDEX summaries_by_renewal ON summaries (renewal_at);
CREATE INDEX summaries_by_name ON summaries (substring(name_key, 1, 64));

COMMENT ON COLUMN summaries.score_class IS 'in steps of 2 points';
COMMENT ON COLUMN summaries.change_class IS 'in steps of 2 points';
COMMENT ON COLUMN summaries.churn_class IS 'in fiftieths';
COMMENT ON COLUMN summaries.risk_class IS 'in four steps a factor e; -32768 for nothing at risk';

-- Parts of names and ids are found by trigrams where whoever owns the database has made them available (deploy/postgres/setup.sql).
DO $$
DECLARE trigrams text;
BEGIN
    SELECT n.nspname INTO trigrams FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm';
    IF trigrams IS NOT NULL THEN
        EXECUTE format(
            'CREATE INDEX summaries_search ON summaries USING gin (name_folded %1$I.gin_trgm_ops, upper(id) %1$I.gin_trgm_ops)', trigrams);
    END IF;
END $$;
