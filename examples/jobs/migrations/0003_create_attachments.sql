create table attachments (
  ad_id bigint primary key references ads on delete cascade,
  filename text not null,
  content_type text not null,
  bytes bytea not null
);

-- What is uploaded is compressed already, as a rule.
alter table attachments alter column bytes set storage external;
