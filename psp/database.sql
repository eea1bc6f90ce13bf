-- What the roles of roles.sql may do in one database, before its migrations. Safe to run again; runs in that
-- database as a superuser or as psp_owner. Rights on tables come with the migrations that make them.
DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO psp_app, psp_state, psp_web, psp_migrator', current_database());
END
$$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO psp_app, psp_state;
