-- Results that AMQP clients wait for: written with the final state, deleted when the broker has confirmed the message.
create table result_outbox (
    task_id    uuid not null primary key,
    claimed_at timestamptz
);

-- Keys by which a submission that comes twice is accepted once.
create table task_key (
    tenant     text        not null,
    key        text        not null,
    task_id    uuid        not null,
    created_at timestamptz not null default now(),
    primary key (tenant, key)
);

create index task_key_by_age on task_key (created_at);
