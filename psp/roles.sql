-- The database's roles, for one whole server. Safe to run again; needs a superuser; PostgreSQL 16 or newer.
-- Shared by the embedded stack, docker-compose and the tests. Passwords are set by whoever runs it.
--
--   psp_owner     owns the database and its tables; migrations only. BYPASSRLS, because adding a foreign key
--                 under forced row security would otherwise check only the rows a policy lets it see.
--   psp_app       requests and jobs of a site; gets its table rights from migrations.
--   psp_state     requests of state staff; certified figures and site facts only, from migrations.
--   psp_web       how the application signs in. NOINHERIT: powerless until it sets a role.
--   psp_migrator  how `manage.py migrate` signs in. NOINHERIT: powerless until it sets psp_owner.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['psp_owner', 'psp_app', 'psp_state', 'psp_web', 'psp_migrator'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I', wanted);
        END IF;
    END LOOP;
END
$$;

ALTER ROLE psp_owner NOLOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION BYPASSRLS;
ALTER ROLE psp_app NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE psp_state NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE psp_web LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE psp_migrator LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;

-- From 16 on a grant carries its own INHERIT; before, the member's NOINHERIT decides.
DO $$
DECLARE
    how text := CASE WHEN current_setting('server_version_num')::int >= 160000
                     THEN ' WITH INHERIT FALSE, SET TRUE' ELSE '' END;
BEGIN
    EXECUTE 'GRANT psp_app TO psp_web' || how;
    EXECUTE 'GRANT psp_state TO psp_web' || how;
    EXECUTE 'GRANT psp_owner TO psp_migrator' || how;
END
$$;
