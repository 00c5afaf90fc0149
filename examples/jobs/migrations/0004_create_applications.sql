create table applications (
  id bigint generated always as identity primary key,
  ad_id bigint not null references ads on delete cascade,
  name text not null,
  email text not null,
  message text not null,
  created_at timestamptz not null default now(),
  sent_at timestamptz -- when the owner's mail was handed over
);

create index applications_ad on applications (ad_id);
