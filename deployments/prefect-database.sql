-- Prefect and Scholarwatch share a server, never a database.
CREATE DATABASE prefect;
