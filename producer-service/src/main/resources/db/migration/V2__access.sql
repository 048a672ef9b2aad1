-- API keys. A secret is never stored, only its hash; a revoked key stays, so that its id is still explained.
create table access_key (
    id          uuid        not null primary key,
    secret_hash bytea       not null unique,
    tenant      text        not null,
    role        text        not null check (role in ('admin', 'user')),
    name        text        not null,
    created_at  timestamptz not null default now(),
    revoked_at  timestamptz
);
