-- How many deltas the attempt that succeeded had: a reader of its stream knows by it whether it has seen all of them.
alter table task add column deltas int not null default 0;
