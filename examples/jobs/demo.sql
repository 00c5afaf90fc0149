-- Two users and a few ads, to look around. Does nothing where there are users.
create temporary table new_database as select not exists (select from users) as is_empty;

insert into users (name, email, password_hash)
select name, email, password_hash from new_database, (values
  ('ada', 'ada@example.com',  -- adas-password
   '$argon2id$v=19$m=65536,t=2,p=1$DFXVQXAvBkhj6TdlidBh2w$yFxfbOtDXFZQAlnZHyDD30BUF9xZF9Lp/4Y84meIOSs'),
  ('grace', 'grace@example.com',  -- grace-password
   '$argon2id$v=19$m=65536,t=2,p=1$YaBq/101OkD0wmKs8C48tQ$V1t+PoRkgLkDCF/FY30oS/5qFg9Hn8ZXTbYewWRXct8')
) as new (name, email, password_hash) where is_empty;

insert into ads (owner_id, title, company, place, salary, description)
select users.id, title, company, place, salary, description from new_database, (values
  ('ada', 'Baker', 'Corner Bakery', 'Lyon', 31000,
   E'We bake bread and brioche for the whole street.\n\nYou begin at four in the morning, and your day is over at noon.'),
  ('grace', 'Database engineer', 'Tide Tables Ltd', 'Hamburg', 78000,
   E'Our tables have every tide since 1850. You keep them quick.\n\nWe use PostgreSQL, and read its release notes aloud.'),
  ('ada', 'Compiler writer', 'Analytical Engines', 'London', 92000,
   E'You translate formulas into cards for a machine that is not built yet.\n\nPatience is part of the pay.'),
  ('grace', 'Night watch', 'Harbour Museum', 'Gdansk', null,
   E'You walk through forty rooms of ships in bottles, twice a night.\n\nA lamp is provided.'),
  ('ada', 'C++ developer', 'Loop and Fiber', 'Anywhere', 85000,
   E'You write coroutines that wait for a database, and never for each other.\n\nRemote work is what we do.')
) as new (owner, title, company, place, salary, description)
join users on users.name = owner where is_empty;
