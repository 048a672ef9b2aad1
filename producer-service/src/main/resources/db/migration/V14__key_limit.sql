-- What a key may, as JSON of the limits that are set for it; for the others the fleet's defaults hold.
alter table access_key add column limits text not null default '{}';

-- The API key that a task came with; null where it came over AMQP.
alter table task add column api_key uuid;

-- What was used by each key: budgets are of keys. What came without one has the key 0.
alter table usage_ledger add column api_key uuid not null default '00000000-0000-0000-0000-000000000000';
alter table usage_ledger drop constraint usage_ledger_pkey, add primary key (tenant, day, api_key, model, shard);
