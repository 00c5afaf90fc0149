create table users (
  id bigint generated always as identity primary key,
  name text not null,
  email text not null,
  password_hash text not null,
  created_at timestamptz not null default now()
);

-- Names that differ in case only would be taken for each other.
create unique index users_name on users (lower(name));
