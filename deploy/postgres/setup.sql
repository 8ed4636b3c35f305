-- A role and a database for one tenant, by a superuser or one with CREATEROLE and CREATEDB:
--   psql -v password="'...'" -f deploy/postgres/setup.sql
-- then 'healthgrains-silo db init' as the role. Managed PostgreSQL and operators (CloudNativePG's bootstrap.initdb makes owner and
-- database: https://cloudnative-pg.io/documentation/current/bootstrap/) do the same in their own way; nothing here needs a superuser.
CREATE ROLE healthgrains LOGIN PASSWORD :password;

-- Names are compared by code points and stored as UTF-8: https://www.postgresql.org/docs/current/sql-createdatabase.html
CREATE DATABASE healthgrains OWNER healthgrains ENCODING 'UTF8' TEMPLATE template0;

-- Nobody else connects to it.
REVOKE CONNECT ON DATABASE healthgrains FROM PUBLIC;

-- Parts of names and ids are found by trigrams where they are at hand: https://www.postgresql.org/docs/current/pgtrgm.html. Without them
-- search looks at every row.
\connect healthgrains
SELECT 'CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public' FROM pg_available_extensions WHERE name = 'pg_trgm' \gexec

-- Settings of the server that were measured with (docs/decisions/0005-the-database.md); they are the server's, so they stand here as a
-- reminder and are not run. https://www.postgresql.org/docs/current/runtime-config.html
--   shared_buffers = 512MB          (needs a restart)
--   max_wal_size = 4GB
--   checkpoint_timeout = 15min
--   max_connections                 20 a node (Maximum Pool Size of the connection string) and some for people and backups
-- wal_compression is left off where processors are the limit: it took what it saved.
