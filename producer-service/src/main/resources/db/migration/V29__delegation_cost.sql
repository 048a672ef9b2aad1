-- What a tree of delegated tasks cost, beside its tokens.

alter table delegation add column cost numeric not null default 0;
