package io.llmfleet.producer.access;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Checks keys by their hashes, through the cache. */
final class StoredKeys implements Keys {

    private final JdbcKeys store;
    private final KeyCache cache;

    StoredKeys(JdbcKeys store, KeyCache cache) {
        this.store = store;
        this.cache = cache;
    }

    @Override
    public NewApiKey create(String name, String tenant, Role role) {
        String secret = Secrets.create();
        return new NewApiKey(store.insert(Secrets.hash(secret), name, tenant, role), secret);
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
