-- Making and dropping partitions locks the whole table. Behind a long reader (a backup, say) that lock would wait, and
-- everybody else behind it; so it gives up soon, and the next round tries again.
alter procedure ensure_task_partitions(date, date) set lock_timeout = '1s';
alter procedure drop_task_partitions(text, int) set lock_timeout = '1s';
