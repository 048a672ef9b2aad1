-- What is in the broker of each lane, to be counted many times a second beside a great backlog.
create index task_open_claimed on task_open (priority, tenant, target) where claimed_at < 'infinity';
