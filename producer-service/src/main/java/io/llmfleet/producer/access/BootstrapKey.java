package io.llmfleet.producer.access;

import java.util.UUID;
import org.springframework.beans.factory.InitializingBean;

/** Sees to it that the configured key works before the first request comes. */
final class BootstrapKey implements InitializingBean {

    /** Always the same, so that a changed key takes the place of the one before. */
    static final UUID ID = new UUID(0x7000, 0x8000_0000_0000_0001L);

    static final String TENANT = "default";

    private final JdbcKeys store;
    private final AccessProperties properties;

    BootstrapKey(JdbcKeys store, AccessProperties properties) {
        this.store = store;
        this.properties = properties;
    }

    @Override
    public void afterPropertiesSet() {
        String secret = properties.bootstrapKey();
        if (secret != null) {
            store.put(ID, Secrets.hash(secret), "bootstrap", TENANT, Role.ADMIN);
        }
    }
}
