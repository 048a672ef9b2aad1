-- Tasks of one type must not wait behind those of another for which no worker is there.
drop index task_open_waiting;
create index task_open_waiting on task_open (priority, tenant, target, type, task_id) where claimed_at is null;
drop index task_open_claimed;
create index task_open_claimed on task_open (priority, tenant, target, type) where claimed_at < 'infinity';
