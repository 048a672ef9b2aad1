-- What a tenant's webhooks are signed with; after a rotation the secret before signs, too, for a while.
create table webhook_secret (
    tenant         text        not null primary key,
    secret         bytea       not null,
    created_at     timestamptz not null default now(),
    previous       bytea,
    previous_until timestamptz
);

-- Webhooks on their way, and what became of them. A row is written with the final state that it tells of.
create table webhook_delivery (
    id            uuid        not null primary key,
    tenant        text        not null,
    task_id       uuid        not null,
    type          text        not null,
    url           text        not null,
    -- scheme, host and port: so much is in flight for each
    endpoint      text        not null,
    body          text        not null,
    -- 'pending', 'delivered' or 'failed'
    state         text        not null default 'pending',
    tries         int         not null default 0,
    next_at       timestamptz not null default now(),
    -- until then a producer is at it
    claimed_until timestamptz,
    history       text,
    created_at    timestamptz not null default now(),
    finished_at   timestamptz
);

create index webhook_delivery_due on webhook_delivery (next_at) where state = 'pending';
create index webhook_delivery_claimed on webhook_delivery (endpoint) where claimed_until is not null;
create index webhook_delivery_by_tenant on webhook_delivery (tenant, id);
create index webhook_delivery_by_task on webhook_delivery (task_id);
