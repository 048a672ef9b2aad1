-- What is needed to count the store by a look at its small tables alone.

-- Work that is not finished is counted by type, too. A replica of the version before does not say it.
alter table task_open add column type text not null default 'other';
update task_open o set type = t.type from task t where t.id = o.task_id;

-- How long a result waits for its client.
alter table result_outbox add column created_at timestamptz not null default now();

create index dead_letter_open on dead_letter (code) where state = 'open';
