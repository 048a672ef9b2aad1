-- The key that a request for many tasks came with, for a day: however often it comes, it is one batch.
alter table batch add column key text;

create unique index batch_by_key on batch (tenant, key) where key is not null;
