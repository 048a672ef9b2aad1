package io.llmfleet.producer.access;

import io.llmfleet.producer.task.AfterCommit;
import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Checks keys by their hashes, through the cache. */
final class StoredKeys implements Keys {

    private final JdbcKeys store;
    private final KeyCache<String, Caller> cache;
    private final KeyCache<UUID, KeyLimits> limits;

    StoredKeys(JdbcKeys store, KeyCache<String, Caller> cache, KeyCache<UUID, KeyLimits> limits) {
        this.store = store;
        this.cache = cache;
        this.limits = limits;
    }

    @Override
    public NewApiKey create(String name, String tenant, Role role, KeyLimits limits) {
        String secret = Secrets.create();
        return new NewApiKey(
                store.insert(Secrets.hash(secret), name, tenant, role, limits), secret);
    }

    @Override
    public Optional<ApiKey> find(UUID id) {
        return store.find(id);
    }

    @Override
    public Optional<ApiKey> limit(UUID id, Map<Limit, Optional<BigDecimal>> changes) {
        Optional<ApiKey> changed = store.limit(id, limits -> limits.with(changes));
        AfterCommit.run(limits::clear);
        return changed;
    }

    @Override
    public KeyLimits limits(UUID id) {
        return limits.get(id).orElse(KeyLimits.NONE);
    }

    @Override
    public List<ApiKey> list() {
        return store.list();
    }

    @Override
    public Optional<ApiKey> revoke(UUID id) {
        Optional<ApiKey> revoked = store.revoke(id);
        cache.clear();
        return revoked;
    }

    @Override
    public Optional<Caller> authenticate(String secret) {
        return cache.get(HexFormat.of().formatHex(Secrets.hash(secret)));
    }
}
