create table ads (
  id bigint generated always as identity primary key,
  owner_id bigint not null references users on delete cascade,
  title text not null,
  company text not null,
  place text not null,
  description text not null,
  salary integer, -- in euro, for a year
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  search tsvector not null generated always as (
    setweight(to_tsvector('english', title), 'A') ||
    setweight(to_tsvector('english', company || ' ' || place), 'B') ||
    setweight(to_tsvector('english', description), 'C')
  ) stored
);

create index ads_search on ads using gin (search);
create index ads_owner on ads (owner_id);
