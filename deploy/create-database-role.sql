-- Runs once, on an empty volume of the PostgreSQL image. The service's own role is no superuser: row-level security
-- holds for it, and a leaked password opens one database. It may create roles, since the migrations make the two
-- that the service works as (tollgate_api and tollgate_worker).
\getenv password TOLLGATE_DATABASE_PASSWORD
create role tollgate login nosuperuser createrole password :'password';
create database tollgate owner tollgate;
