-- What tenants used, by model and day (UTC); written with the final state. Each producer writes a shard of its own, so that
-- they do not wait for each other at the rows of a busy tenant.
create table usage_ledger (
    tenant        text     not null,
    day           date     not null,
    model         text     not null,
    shard         smallint not null,
    tasks         bigint   not null,
    input_tokens  bigint   not null,
    output_tokens bigint   not null,
    cost          numeric  not null,
    primary key (tenant, day, model, shard)
);
